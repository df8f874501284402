using System.Text.Json.Serialization;

namespace Infermux.Gateway.Costs;

/// <summary>Answer of <c>GET /_infermux/costs/caller/{caller}</c>: a row of by-caller with its parts. A caller that spent nothing has zeros.</summary>
internal sealed record CallerCosts : CallerRow
{
    /// <summary>UTC month, <c>yyyy-MM</c>.</summary>
    public required string Period { get; init; }

    /// <summary>USD per model, dearest first.</summary>
    [JsonPropertyOrder(1)]
    public required IReadOnlyDictionary<string, decimal> ByModel { get; init; }

    /// <summary>USD per provider, dearest first.</summary>
    [JsonPropertyOrder(1)]
    public required IReadOnlyDictionary<string, decimal> ByProvider { get; init; }
}
