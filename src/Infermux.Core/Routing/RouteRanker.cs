namespace Infermux.Core.Routing;

/// <summary>
/// Selection as a pure function: who may take an attempt, in which order, and what holds the others back. Allocates nothing; the answer is written to
/// memory of the caller's.
/// </summary>
public static class RouteRanker
{
    /// <summary>
    /// Writes the eligible candidates in order of preference and then the others in the route's order. Providers that do not serve the model are left out.
    /// </summary>
    /// <param name="route">From <see cref="RoutingTable.Route"/>.</param>
    /// <param name="facts">The attempt.</param>
    /// <param name="states">One state per provider of the table, in file order.</param>
    /// <param name="now">The moment that ends are compared with.</param>
    /// <param name="random">Chance, for <c>random</c> and for ties of <c>least_latency</c>.</param>
    /// <param name="turn">From <see cref="Route.Rotation"/>; not negative.</param>
    /// <param name="into">Room for all of <see cref="Route.Candidates"/>.</param>
    public static Ranking Rank(
        Route route, in RouteFacts facts, ReadOnlySpan<CandidateState> states, DateTimeOffset now, Random random, long turn, Span<RankedCandidate> into)
    {
        var maxAttempts = route.Table.Options.Routing.Failover.MaxAttempts;
        int eligible = 0, back = route.Candidates.Length;
        var tiered = false;
        for (var i = 0; i < route.Candidates.Length; i++)
        {
            var candidate = route.Candidates[i];
            if (!Eligibility.Judge(candidate, i, states[candidate.Provider.Ordinal], facts, now, maxAttempts, out var judged))
            {
                continue;
            }

            into[judged.IsEligible ? eligible++ : --back] = judged;
            tiered |= judged.Tier != 1;
        }

        var held = into[back..route.Candidates.Length];
        held.Reverse();
        held.CopyTo(into[eligible..]);
        var chosen = into[..eligible];
        route.Policy.Order(chosen, new RankingInputs { Route = route, Facts = facts, States = states, Now = now, Random = random, Turn = turn });
        if (tiered)
        {
            RankOrder.SortByTier(chosen);
        }

        if (facts.Maker is { } maker)
        {
            PreferMaker(route, maker, chosen);
        }

        return new Ranking(eligible, eligible + held.Length);
    }

    /// <summary>
    /// What a provider made and nobody else can read is lost at any other, so its maker goes first, whatever the strategy and even before a probe. One that
    /// is to be asked only when nothing else is left stays where it is: it would most likely refuse.
    /// </summary>
    private static void PreferMaker(Route route, string maker, Span<RankedCandidate> chosen)
    {
        for (var i = 1; i < chosen.Length; i++)
        {
            if (string.Equals(route.Candidates[chosen[i].Index].Provider.Options.Name, maker, StringComparison.Ordinal))
            {
                if (chosen[i].Tier <= 1)
                {
                    var first = chosen[i];
                    chosen[..i].CopyTo(chosen[1..]);
                    chosen[0] = first;
                }

                return;
            }
        }
    }

    /// <summary>
    /// Looks again at one candidate of a ranking after time has passed: it may still be chosen where this gives a verdict of
    /// <see cref="Verdict.NotPreferred"/>.
    /// </summary>
    public static RankedCandidate LookAgain(Route route, int index, in RouteFacts facts, ReadOnlySpan<CandidateState> states, DateTimeOffset now)
    {
        var candidate = route.Candidates[index];
        var maxAttempts = route.Table.Options.Routing.Failover.MaxAttempts;
        return Eligibility.Judge(candidate, index, states[candidate.Provider.Ordinal], facts, now, maxAttempts, out var judged)
            ? judged
            : new RankedCandidate(index, Verdict.NotAdmitted);
    }

    /// <summary>
    /// Takes the exploratory request from the first of <paramref name="remaining"/> and moves it to the place of its old average: behind those that are
    /// measured faster or not measured at all, within its tier.
    /// </summary>
    public static void Demote(Span<RankedCandidate> remaining)
    {
        var demoted = remaining[0];
        demoted.Admit &= ~AdmitReason.Exploratory;
        demoted.Key = demoted.Score;
        var at = 0;
        for (; at + 1 < remaining.Length && remaining[at + 1].Tier == demoted.Tier && remaining[at + 1].Key < demoted.Key; at++)
        {
            remaining[at] = remaining[at + 1];
        }

        remaining[at] = demoted;
    }
}
