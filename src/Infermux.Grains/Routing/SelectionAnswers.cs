using Infermux.Core.Routing;
using Infermux.Grains.Contracts.Routing;

namespace Infermux.Grains.Routing;

/// <summary>Selections as they are answered, whoever made them.</summary>
internal static class SelectionAnswers
{
    public static Selection Selected(
        RoutingWorld world, Route route, Span<RankedCandidate> candidates, int at, long generation, Guid? probePermit, DateTimeOffset now)
    {
        ref var chosen = ref candidates[at];
        chosen.Verdict = Verdict.Selected;
        var candidate = route.Candidates[chosen.Index];
        var provider = candidate.Provider.Options;
        return new Selection
        {
            Outcome = SelectionOutcome.Selected,
            Provider = provider.Name,
            TargetModel = candidate.TargetModel,
            Generation = generation,
            ProbePermit = probePermit,
            ProbeTimeout = probePermit is null ? null : provider.CircuitBreaker.ProbeTimeout,
            Strategy = route.Strategy,
            Group = route.Group,
            PriceVersion = world.Configuration.Prices.Version,
            ConfigurationHash = world.Configuration.Hash,
            Candidates = world.Tell(route, candidates),
            SiloTime = now,
        };
    }

    /// <param name="world">The configuration.</param>
    /// <param name="route">The route of the request.</param>
    /// <param name="facts">The request.</param>
    /// <param name="candidates">None of which may be chosen.</param>
    /// <param name="states">One per provider in file order, for the names of models.</param>
    /// <param name="now">The time.</param>
    public static Selection Refused(
        RoutingWorld world, Route route, in RouteFacts facts, ReadOnlySpan<RankedCandidate> candidates, ReadOnlySpan<CandidateState> states, DateTimeOffset now)
    {
        var outcome = RouteRefusal.Outcome(candidates);
        return new Selection
        {
            Outcome = SelectionFacts.OutcomeOf(outcome),
            Strategy = route.Strategy,
            Group = route.Group,
            PriceVersion = world.Configuration.Prices.Version,
            ConfigurationHash = world.Configuration.Hash,
            RetryAfter = RouteRefusal.RetryAfter(candidates, now),
            Candidates = world.Tell(route, candidates),
            NearModels = outcome is RouteOutcome.ModelNotFound
                ? NearNames.Of(facts.Model, world.Table.ServedModels(states).Select(static served => served.Name))
                : [],
            SiloTime = now,
        };
    }
}
