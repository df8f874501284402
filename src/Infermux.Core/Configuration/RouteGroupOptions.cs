using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Configuration;

/// <summary>One entry of <c>routing.groups</c>: requests it matches share a set of providers and a strategy.</summary>
public sealed record RouteGroupOptions
{
    /// <summary>Shown in headers, logs and cost rows.</summary>
    [RequiredKey]
    public string Name { get; init; } = "";

    /// <summary>Model names, the caller's or any alias target. Null: any model.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>Further conditions, all of which must hold.</summary>
    public RouteMatchOptions? Match { get; init; }

    /// <summary>Null inherits <see cref="RoutingOptions.Strategy"/>.</summary>
    public RoutingStrategy? Strategy { get; init; }

    /// <summary>Provider names; their order is the order of <c>priority</c>. Null: all.</summary>
    public IReadOnlyList<string>? Providers { get; init; }
}
