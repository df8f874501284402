namespace Infermux.Gateway.Costs;

/// <summary>Answer of <c>GET /_infermux/costs/by-model</c> and its siblings: exactly one of the maps is there. What has no name (no project given) is under "".</summary>
internal sealed record CostsBy
{
    /// <summary>UTC month, <c>yyyy-MM</c>.</summary>
    public required string Period { get; init; }

    /// <summary>USD, exact.</summary>
    public required decimal TotalUsd { get; init; }

    /// <summary>USD per model, dearest first.</summary>
    public IReadOnlyDictionary<string, decimal>? ByModel { get; init; }

    /// <summary>USD per provider, dearest first.</summary>
    public IReadOnlyDictionary<string, decimal>? ByProvider { get; init; }

    /// <summary>USD per route group, dearest first.</summary>
    public IReadOnlyDictionary<string, decimal>? ByGroup { get; init; }

    /// <summary>USD per project, dearest first.</summary>
    public IReadOnlyDictionary<string, decimal>? ByProject { get; init; }

    /// <summary>USD per stage, dearest first.</summary>
    public IReadOnlyDictionary<string, decimal>? ByEnv { get; init; }
}
