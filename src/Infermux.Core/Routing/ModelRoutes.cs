using System.Collections.Immutable;

namespace Infermux.Core.Routing;

/// <summary>
/// The routes of one model. The first group in file order wins, where the caller's name counts before alias targets: a group that lists the caller's name
/// beats one that lists only a target of it, whichever comes first. A group without <c>models</c> takes part in file order with both.
/// </summary>
internal sealed class ModelRoutes(Route ungrouped, ImmutableArray<ModelRoutes.Entry> entries)
{
    public Route Resolve(in RouteFacts facts)
    {
        Route? byTarget = null;
        foreach (var entry in entries)
        {
            if (entry.Match is ModelMatch.Target && byTarget is not null)
            {
                continue;
            }

            if (!entry.Group.Fits(facts))
            {
                continue;
            }

            switch (entry.Match)
            {
                case ModelMatch.Name:
                    return entry.Route;
                case ModelMatch.Any:
                    return byTarget ?? entry.Route;
                default:
                    byTarget = entry.Route;
                    break;
            }
        }

        return byTarget ?? ungrouped;
    }

    internal enum ModelMatch
    {
        Name,
        Any,
        Target,
    }

    internal readonly record struct Entry(RouteGroup Group, ModelMatch Match, Route Route);
}
