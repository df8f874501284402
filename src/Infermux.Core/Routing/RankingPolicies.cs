using Infermux.Core.Configuration;

namespace Infermux.Core.Routing;

/// <summary>The strategies by their names in the file.</summary>
internal static class RankingPolicies
{
    private static readonly PriorityPolicy Priority = new();
    private static readonly RoundRobinPolicy RoundRobin = new();
    private static readonly RandomPolicy Random = new();
    private static readonly LeastLatencyPolicy LeastLatency = new();
    private static readonly CostWeightedPolicy CostWeighted = new();

    public static IRankingPolicy For(RoutingStrategy strategy) => strategy switch
    {
        RoutingStrategy.RoundRobin => RoundRobin,
        RoutingStrategy.LeastLatency => LeastLatency,
        RoutingStrategy.CostWeighted => CostWeighted,
        RoutingStrategy.Random => Random,
        RoutingStrategy.Priority => Priority,
        _ => throw new ArgumentOutOfRangeException(nameof(strategy), strategy, "This strategy is not built."),
    };
}
