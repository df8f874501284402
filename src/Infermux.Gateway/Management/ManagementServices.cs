using System.Text.Json;
using System.Text.Json.Serialization;
using Infermux.Hosting.Listening;

namespace Infermux.Gateway.Management;

/// <summary>Registers what the management API needs.</summary>
internal static class ManagementServices
{
    public static IServiceCollection AddManagement(this IServiceCollection services, ManagementToken token) => services
        .ConfigureHttpJsonOptions(json =>
        {
            // Bodies are read with the keys and words they are written with.
            json.SerializerOptions.PropertyNamingPolicy = ManagementJson.Options.PropertyNamingPolicy;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
        })
        .AddSingleton(token)
        .AddSingleton(provider => new ProcessStart(provider.GetRequiredService<TimeProvider>().GetTimestamp()))
        .AddSingleton<Readiness>()
        .AddSingleton<CircuitMetrics>()
        .AddSingleton<ActiveRequestMetrics>()
        .AddSingleton<ManagementAccess>();
}
