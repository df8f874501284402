using Infermux.Gateway.Costs;

namespace Infermux.Gateway.Management;

/// <summary>Everything under <c>/_infermux</c> and the probes, in one place, so that no path escapes the access rule.</summary>
internal static class ManagementEndpoints
{
    public static void MapManagement(this IEndpointRouteBuilder endpoints)
    {
        endpoints.ServiceProvider.GetRequiredService<ProcessStart>(); // uptime counts from here, not from the first question
        endpoints.ServiceProvider.GetRequiredService<CircuitMetrics>(); // a gauge is there from its first reading on, not from its first use
        endpoints.ServiceProvider.GetRequiredService<ActiveRequestMetrics>();
        endpoints.MapGet("/healthz", () => Results.Text("ok"));
        endpoints.MapGet("/_infermux/health", () => ManagementJson.Of(new { status = "ok" }));
        endpoints.MapReadiness();

        var management = endpoints.MapGroup("/_infermux").AddEndpointFilter(endpoints.ServiceProvider.GetRequiredService<ManagementAccess>());
        management.MapStatus();
        management.MapProviders();
        management.MapBudgets();
        management.MapCosts("/costs");
        management.MapEvents();
        management.MapPrometheusScrapingEndpoint("/metrics");
        endpoints.MapGroup("").AddEndpointFilter(endpoints.ServiceProvider.GetRequiredService<ManagementAccess>()).MapPrometheusScrapingEndpoint("/metrics");
    }
}
