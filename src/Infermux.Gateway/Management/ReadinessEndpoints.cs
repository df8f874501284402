using Infermux.Core.Configuration;
using Infermux.Core.Configuration.Keys;
using Infermux.Grains.Routing;
using Infermux.Hosting.SelfChecks;

namespace Infermux.Gateway.Management;

/// <summary><c>/readyz</c>: ok or not for everyone; with <c>?verbose</c>, and the right to manage, why.</summary>
internal static class ReadinessEndpoints
{
    public static void MapReadiness(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/readyz", (
            HttpContext http, Readiness readiness, ManagementAccess access, ICurrentConfiguration configuration, ProviderViews views, SelfCheckReport checks) =>
        {
            var status = readiness.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            if (!http.Request.Query.ContainsKey("verbose") || access.Refuse(http) is not null)
            {
                return Results.Text(readiness.IsReady ? "ok" : "not ready", statusCode: status);
            }

            var options = configuration.Current.Options;
            return ManagementJson.Of(
                new
                {
                    status = readiness.Why,
                    store = ConfigWords.Of(options.Cluster.Store),
                    self_checks = checks.Shown,
                    providers_known = options.Providers.Count(p => views.Find(p.Name) is not null),
                    providers_total = options.Providers.Count,
                },
                status);
        });
}
