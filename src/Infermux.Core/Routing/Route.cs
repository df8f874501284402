using System.Collections.Immutable;
using Infermux.Core.Configuration;

namespace Infermux.Core.Routing;

/// <summary>The candidates of one model in one group, in the order of <c>priority</c>.</summary>
public sealed class Route
{
    internal Route(RoutingTable table, string group, RoutingStrategy strategy, ImmutableArray<RouteCandidate> candidates, Rotation rotation)
    {
        (Table, Group, Candidates, Rotation) = (table, group, candidates, rotation);
        Policy = RankingPolicies.For(strategy);
    }

    /// <summary>The table it belongs to.</summary>
    public RoutingTable Table { get; }

    /// <summary>The matching group; empty where none.</summary>
    public string Group { get; }

    /// <summary>The strategy as spelled in the file.</summary>
    public string Strategy => Policy.Name;

    /// <summary>Providers that serve the model, or would if their listing named it: the group's list in its order, else the file's.</summary>
    public ImmutableArray<RouteCandidate> Candidates { get; }

    /// <summary>The turn of <c>round_robin</c>.</summary>
    public Rotation Rotation { get; }

    internal IRankingPolicy Policy { get; }
}
