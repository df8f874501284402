namespace Infermux.Core.Configuration;

/// <summary>Keys under <c>routing</c>.</summary>
public sealed record RoutingOptions
{
    /// <summary>Used where no group matches. Default <c>round_robin</c>.</summary>
    public RoutingStrategy Strategy { get; init; } = RoutingStrategy.RoundRobin;

    /// <summary>Parameters of <see cref="RoutingStrategy.LeastLatency"/>.</summary>
    public LeastLatencyOptions LeastLatency { get; init; } = new();

    /// <summary>In file order; the first that matches wins.</summary>
    public IReadOnlyList<RouteGroupOptions> Groups { get; init; } = [];

    /// <summary>Attempts in one request.</summary>
    public FailoverOptions Failover { get; init; } = new();
}
