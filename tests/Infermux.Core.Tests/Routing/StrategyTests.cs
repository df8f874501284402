using Infermux.Core.Configuration;
using Infermux.Core.Routing;
using Xunit;

namespace Infermux.Core.Tests.Routing;

public sealed class StrategyTests
{
    private static readonly DateTimeOffset Now = RoutingLab.Now;

    [Fact]
    public void RoundRobin_TwoProviders_AlternateStrictly()
    {
        var lab = RoutingLab.With(RoutingStrategy.RoundRobin, "a", "b");
        Assert.Equal(["a", "b", "a", "b", "a"], Enumerable.Range(0, 5).Select(_ => lab.Rank().First));
    }

    [Fact]
    public void RoundRobin_TwoModelsWithoutGroup_HaveTurnsOfTheirOwn()
    {
        var lab = RoutingLab.With(RoutingStrategy.RoundRobin, "a", "b");
        Assert.Equal(["a", "a", "b", "b"], new[] { "m1", "m2", "m1", "m2" }.Select(model => lab.Rank(RoutingLab.Ask(model)).First));
    }

    [Fact]
    public void RoundRobin_TwoModelsOfAGroup_ShareItsTurn()
    {
        var lab = new RoutingLab(new InfermuxOptions
        {
            Providers = [RoutingLab.Provider("a"), RoutingLab.Provider("b")],
            Routing = new() { Groups = [new RouteGroupOptions { Name = "g" }] },
        });
        Assert.Equal(["a", "b", "a", "b"], new[] { "m1", "m2", "m1", "m2" }.Select(model => lab.Rank(RoutingLab.Ask(model)).First));
    }

    [Fact]
    public void RoundRobin_FirstAttemptsWithFailovers_AreStillEven()
    {
        var lab = RoutingLab.With(RoutingStrategy.RoundRobin, "a", "b", "c");
        Dictionary<string, int> first = [], second = [];
        for (var i = 0; i < 300; i++)
        {
            var chosen = lab.Rank().First;
            Count(first, chosen);
            if (chosen == "a")
            {
                Count(second, lab.Rank(RoutingLab.Ask("m", 2, "a")).First);
            }
        }

        Assert.Equal([100, 100, 100], first.Values);
        Assert.Equal([50, 50], second.Values);
    }

    [Fact]
    public void RoundRobin_MoreModelsThanAreCached_StillRotate()
    {
        var lab = RoutingLab.With(RoutingStrategy.RoundRobin, "a", "b");
        for (var i = 0; i < RoutingTable.MaxCachedModels; i++)
        {
            lab.Table.Route(RoutingLab.Ask($"m{i}"));
        }

        Assert.Equal(2, Enumerable.Range(0, 4).Select(_ => lab.Rank(RoutingLab.Ask("late")).First).Distinct().Count());
    }

    [Fact]
    public void Random_ManyDraws_AreUniform()
    {
        var lab = RoutingLab.With(RoutingStrategy.Random, "a", "b", "c", "d");
        var drawn = Draw(lab, 8_000);
        Assert.All(drawn.Values, count => Assert.InRange(count, 1_850, 2_150));
    }

    [Fact]
    public void Priority_FirstEligible_Always()
    {
        var lab = RoutingLab.With(RoutingStrategy.Priority, "a", "b", "c");
        Assert.Equal(["a"], Draw(lab, 50).Keys);
        lab["a"] = new CandidateState { Healthy = false };
        Assert.Equal(["b"], Draw(lab, 50).Keys);
    }

    [Fact]
    public void LeastLatency_Measured_LowestAverageAlways()
    {
        var lab = RoutingLab.With(RoutingStrategy.LeastLatency, "slow", "fast", "middle");
        (lab["slow"], lab["fast"], lab["middle"]) = (Measured(900), Measured(100), Measured(300));
        Assert.Equal(["fast"], Draw(lab, 100).Keys);
        Assert.Equal(["fast", "middle", "slow"], lab.Rank().Chosen);
        Assert.Equal(100, lab.Rank().Of("fast").Score);
    }

    [Fact]
    public void LeastLatency_UnderMinSamples_GoesFirstByRequestsInFlight()
    {
        var lab = RoutingLab.With(RoutingStrategy.LeastLatency, "known", "busy", "idle");
        (lab["known"], lab["busy"], lab["idle"]) = (Measured(1), Measured(5_000, samples: 4) with { InFlight = 3 }, new CandidateState { InFlight = 1 });
        Assert.Equal(["idle", "busy", "known"], lab.Rank().Chosen);
        Assert.Equal(AdmitReason.None, lab.Rank().Of("busy").Admit);
    }

    [Fact]
    public void LeastLatency_EqualAverages_ShareByRequestsInFlightThenByChance()
    {
        var lab = RoutingLab.With(RoutingStrategy.LeastLatency, "a", "b", "c");
        (lab["a"], lab["b"], lab["c"]) = (Measured(50), Measured(50) with { InFlight = 1 }, Measured(50));
        var drawn = Draw(lab, 2_000);
        Assert.Equal(["a", "c"], drawn.Keys.Order());
        Assert.All(drawn.Values, count => Assert.InRange(count, 850, 1_150));
    }

    [Fact]
    public void LeastLatency_SlowOneThatRecovered_GetsOneExploratoryRequestAtATime()
    {
        var lab = RoutingLab.With(RoutingStrategy.LeastLatency, "fast", "was-slow");
        (lab["fast"], lab["was-slow"]) = (Measured(100), Measured(9_000) with { LastSample = Now.AddSeconds(-61) });
        Assert.Equal("was-slow", lab.Rank().First);
        Assert.Equal(AdmitReason.Exploratory, lab.Rank().Of("was-slow").Admit);

        lab["was-slow"] = Measured(9_000) with { LastSample = Now.AddSeconds(-61), Exploring = true };
        Assert.Equal(["fast"], Draw(lab, 50).Keys);

        lab["was-slow"] = Measured(40);
        Assert.Equal(["was-slow"], Draw(lab, 50).Keys);
    }

    [Fact]
    public void LeastLatency_ExplorationNotGranted_GoesBackToThePlaceOfItsAverage()
    {
        var lab = RoutingLab.With(RoutingStrategy.LeastLatency, "stale", "fast", "slow", "trial");
        (lab["stale"], lab["fast"], lab["slow"]) = (Measured(200) with { LastSample = Now.AddHours(-1) }, Measured(100), Measured(300));
        lab["trial"] = new CandidateState { Circuit = CandidateCircuit.HalfOpen };
        var ranked = lab.Rank(RoutingLab.Ask("m", 3));
        Assert.Equal(["stale", "fast", "slow", "trial"], ranked.Chosen);
        RouteRanker.Demote(ranked.All);
        Assert.Equal(["fast", "stale", "slow", "trial"], ranked.Chosen);
        Assert.Equal(AdmitReason.None, ranked.Of("stale").Admit);
    }

    [Fact]
    public void LeastLatency_StaleAndAlone_NeedsNoExploration()
    {
        var lab = RoutingLab.With(RoutingStrategy.LeastLatency, "a");
        lab["a"] = Measured(100) with { LastSample = Now.AddHours(-1) };
        Assert.Equal(AdmitReason.None, lab.Rank().Of("a").Admit);
    }

    [Fact]
    public void CostWeighted_PromptAndCompletion_DecideTogether()
    {
        var lab = RoutingLab.With(RoutingStrategy.CostWeighted, "cheap-in", "cheap-out").Price("cheap-in", "m", 1m, 10m).Price("cheap-out", "m", 4m, 2m);
        Assert.Equal("cheap-in", lab.Rank(RoutingLab.Ask() with { PromptEstimate = 10_000, ExpectedCompletion = 100 }).First);
        Assert.Equal("cheap-out", lab.Rank(RoutingLab.Ask() with { PromptEstimate = 100, ExpectedCompletion = 1_000 }).First);
        Assert.Equal(0.0101, lab.Rank(RoutingLab.Ask() with { PromptEstimate = 100, ExpectedCompletion = 1_000 }).Of("cheap-in").Score, 6);
    }

    [Fact]
    public void CostWeighted_UnknownPrice_SortsLastAndEqualsKeepTheirOrder()
    {
        var lab = RoutingLab.With(RoutingStrategy.CostWeighted, "unknown", "a", "b", "free").Price("a", "m", 1, 1).Price("b", "m", 1, 1).Price("free", "m", 0, 0);
        Assert.Equal(["free", "a", "b", "unknown"], lab.Rank(RoutingLab.Ask() with { PromptEstimate = 1 }).Chosen);
    }

    [Fact]
    public void CostWeighted_ScriptedPrices_AreAFixedWinner()
    {
        var lab = RoutingLab.With(RoutingStrategy.CostWeighted, "haiku", "mini").Price("haiku", "m", 0.8m, 4m).Price("mini", "m", 0.15m, 0.6m);
        Assert.Equal(["mini"], Draw(lab, 100).Keys);
    }

    [Fact]
    public void Rank_TwoHundredProviders_AllocatesNothing()
    {
        foreach (var strategy in Enum.GetValues<RoutingStrategy>())
        {
            var lab = RoutingLab.With(strategy, [.. Enumerable.Range(0, 200).Select(i => $"p{i}")]);
            for (var i = 0; i < 200; i++)
            {
                lab.Price($"p{i}", "m", i % 7, i % 5);
                lab[$"p{i}"] = Measured(i * 37 % 101) with { Rests = [new RestingModel("other", Now.AddDays(1))] };
            }

            var states = lab.States();
            var into = new RankedCandidate[200];
            var facts = RoutingLab.Ask("m", 2, "p3", "p4");
            RouteRanker.Rank(lab.Table.Route(facts), facts, states, Now, lab.Random, 1, into);

            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 20; i++)
            {
                RouteRanker.Rank(lab.Table.Route(facts), facts, states, Now, lab.Random, i, into);
            }

            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private static CandidateState Measured(double latency, long samples = 100) => new() { LatencyMs = latency, Samples = samples, LastSample = Now.AddSeconds(-1) };

    private static Dictionary<string, int> Draw(RoutingLab lab, int times)
    {
        Dictionary<string, int> drawn = [];
        for (var i = 0; i < times; i++)
        {
            Count(drawn, lab.Rank(RoutingLab.Ask() with { PromptEstimate = 100, ExpectedCompletion = 100 }).First);
        }

        return drawn;
    }

    private static void Count(Dictionary<string, int> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;
}
