using System.Reflection;
using Infermux.Core.Configuration;
using Infermux.Core.Configuration.Keys;
using Infermux.Gateway.Requests;
using Infermux.Grains.Routing;
using Infermux.Hosting.Configuration.Reloading;
using Infermux.Hosting.Events;

namespace Infermux.Gateway.Management;

/// <summary><c>/_infermux/status</c> and <c>/_infermux/requests</c>.</summary>
internal static class StatusEndpoints
{
    public static string Version { get; } =
        typeof(StatusEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    public static void MapStatus(this IEndpointRouteBuilder management)
    {
        management.MapGet("/status", Status);
        management.MapGet("/config", (ICurrentConfiguration configuration, IConfigurationStatus loads) =>
            ManagementJson.Of(new { file = loads.Loaded.File, hash = configuration.Current.Hash, entries = loads.Loaded.Entries }));
        management.MapGet("/requests", (int? limit, RequestRing ring) =>
            ManagementJson.Of(ring.Latest(Math.Clamp(limit ?? 50, 1, 1000), RequestRow.Of).ToList()));
        management.MapGet("/requests/{id}", (HttpContext http, RequestRing ring) => ring.Find(LastSegment.Of(http), RequestRow.Of) is { } row
            ? ManagementJson.Of(row)
            : ManagementJson.Problem(
                404, "not_found", $"This process does not remember that request; it keeps the last {RequestRing.Capacity:N0}. Use the X-Request-Id of an answer."));
    }

    private static IResult Status(
        HttpContext http, ICurrentConfiguration configuration, IConfigurationStatus loads, ProviderViews views, RequestCounts counts, EventBus bus,
        ProcessStart start, TimeProvider time)
    {
        var snapshot = configuration.Current;
        var (requests, errors) = counts.LastMinute();
        return ManagementJson.Of(new StatusRow
        {
            Version = Version,
            UptimeSeconds = (long)time.GetElapsedTime(start.Timestamp).TotalSeconds,
            ProvidersHealthy = snapshot.Options.Providers.Count(p => views.Find(p.Name)?.Healthy ?? true),
            ProvidersTotal = snapshot.Options.Providers.Count,
            RequestsTotal = counts.Total,
            RequestsLastMinute = requests,
            ErrorsLastMinute = errors,
            ConfigurationHash = snapshot.Hash,
            ConfigurationNumber = http.RequestServices.GetService<INumberedConfiguration>()?.Current.Number is > 0 and var number ? number : null,
            ConfigurationProblems = loads.LastReloadProblem is { } problem ? [.. problem.Problems.Select(p => p.ToString())] : null,
            PriceVersion = snapshot.Prices.Version,
            Store = ConfigWords.Of(snapshot.Options.Cluster.Store),
            EventsDropped = bus.Dropped,
        });
    }
}
