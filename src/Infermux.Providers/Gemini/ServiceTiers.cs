using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Gemini;

/// <summary>Names of service tiers.</summary>
internal static class ServiceTiers
{
    /// <summary>OpenAI's name of the tier that a reply tells, which is the one billed; null where it tells none.</summary>
    public static string? Read(JsonElement? usage) => (usage?.Text("serviceTier") ?? usage?.Text("trafficType")) switch
    {
        null or "" or "unspecified" or "PROVISIONED_THROUGHPUT" or "TRAFFIC_TYPE_UNSPECIFIED" => null,
        "standard" or "ON_DEMAND" => "default",
        "ON_DEMAND_FLEX" => "flex",
        "ON_DEMAND_PRIORITY" => "priority",
        var tier => tier.ToLowerInvariant(),
    };
}
