using CsCheck;
using Infermux.Core.Configuration;
using Infermux.Core.Routing;
using Xunit;

namespace Infermux.Core.Tests.Routing;

public sealed class RankingPropertyTests
{
    private static readonly DateTimeOffset Now = RoutingLab.Now;

    private static readonly Gen<DateTimeOffset?> Moment = Gen.OneOf(
        Gen.Const((DateTimeOffset?)null), Gen.Int[-120, 120].Select(seconds => (DateTimeOffset?)Now.AddSeconds(seconds)));

    private static readonly Gen<CandidateState> State =
        from circuit in Gen.Frequency((4, Gen.Const(CandidateCircuit.Closed)), (1, Gen.Const(CandidateCircuit.HalfOpen)), (1, Gen.Const(CandidateCircuit.Open)))
        from moments in Gen.Select(Moment, Moment, Moment, Moment, Moment)
        from healthy in Gen.Frequency((5, Gen.Const(true)), (1, Gen.Const(false)))
        from latency in Gen.Int[1, 4]
        from samples in Gen.Int[0, 9]
        from inFlight in Gen.Int[0, 3]
        from exploring in Gen.Bool
        select new CandidateState
        {
            Circuit = circuit,
            RecoveryAt = moments.Item1,
            ProbeOutUntil = moments.Item2,
            Healthy = healthy,
            LatencyMs = samples == 0 ? null : latency * 100,
            Samples = samples,
            LastSample = samples == 0 ? null : moments.Item3 ?? Now,
            InFlight = inFlight,
            LimitedUntil = moments.Item4,
            Rests = moments.Item5 is { } rest ? [new RestingModel("m", rest)] : [],
            Exploring = exploring,
        };

    private static readonly Gen<Case> Cases =
        from strategy in Gen.Enum<RoutingStrategy>()
        from states in State.Array[1, 6]
        from tried in Gen.Bool.Array[6]
        from prices in Gen.Int[0, 4].Array[6]
        from attempt in Gen.Int[1, 3]
        from seed in Gen.Int
        select new Case(strategy, states, tried, prices, attempt, seed);

    [Fact]
    public void Rank_AnyStates_ChosenAreExactlyTheEligible() => Cases.Sample(@case =>
    {
        var ranked = @case.Rank();
        var expected = Enumerable.Range(0, @case.States.Length).Where(@case.IsEligible).Select(Name).ToHashSet(StringComparer.Ordinal);
        Assert.True(expected.SetEquals(ranked.Chosen), $"expected {string.Join(',', expected)}, got {string.Join(',', ranked.Chosen)}");
        Assert.Equal(@case.States.Length, ranked.All.DistinctBy(candidate => candidate.Index).Count());
        Assert.All(ranked.All[..ranked.Eligible], candidate => Assert.True(candidate.IsEligible));
        Assert.All(ranked.All[ranked.Eligible..], candidate => Assert.False(candidate.IsEligible));
    });

    // Reordering the file changes nothing but ties, and what each provider's verdict is depends on nobody else.
    [Fact]
    public void Rank_ProvidersPermuted_SameVerdictsAndSameBestScore() => Cases.Sample(@case =>
    {
        var order = Enumerable.Range(0, @case.States.Length).Reverse().ToArray();
        var (straight, turned) = (@case.Rank(), @case.Rank(order));
        foreach (var index in order)
        {
            var (left, right) = (straight.Of(Name(index)), turned.Of(Name(index)));
            Assert.Equal((left.Verdict, left.UntilTicks, left.Admit), (right.Verdict, right.UntilTicks, right.Admit));
            Assert.Equal(left.Score, right.Score);
        }

        Assert.Equal(straight.Outcome, turned.Outcome);
        if (@case.Strategy is RoutingStrategy.CostWeighted or RoutingStrategy.LeastLatency && straight.Eligible > 0)
        {
            Assert.Equal(@case.Rank_(straight), @case.Rank_(turned));
        }
    });

    // Its order among the others is the strategy's, as if nobody were preferred.
    [Fact]
    public void Maker_OfAnyEligibleProvider_GoesFirstAndTheOthersKeepTheirOrder() => Gen.Select(Cases, Gen.Int[0, 6]).Sample((@case, maker) =>
    {
        var (plain, preferred) = (@case.Rank(), @case.Rank(maker: Name(maker)));
        var isFirst = plain.Chosen.Contains(Name(maker), StringComparer.Ordinal) && plain.Of(Name(maker)).Tier <= 1;
        string[] expected = isFirst ? [Name(maker), .. plain.Chosen.Where(name => name != Name(maker))] : plain.Chosen;
        Assert.Equal(expected, preferred.Chosen);
    });

    [Fact]
    public void RoundRobin_AnyEligibleSet_IsEvenToOne() =>
        Gen.Select(Gen.Bool.Array[1, 8], Gen.Int[0, 200]).Sample((healthy, rounds) =>
        {
            var lab = RoutingLab.With(RoutingStrategy.RoundRobin, [.. healthy.Select((_, i) => Name(i))]);
            for (var i = 0; i < healthy.Length; i++)
            {
                lab[Name(i)] = new CandidateState { Healthy = healthy[i] };
            }

            var chosen = Enumerable.Range(0, rounds).Select(_ => lab.Rank().First).Where(name => name != "nobody").CountBy(name => name).ToArray();
            if (healthy.Any(alive => alive) && rounds > 0)
            {
                Assert.Equal(rounds, chosen.Sum(pair => pair.Value));
                var least = chosen.Length < healthy.Count(alive => alive) ? 0 : chosen.Min(pair => pair.Value);
                Assert.InRange(chosen.Max(pair => pair.Value) - least, 0, 1);
            }
        });

    [Fact]
    public void Glob_AnyPattern_AgreesWithItsExpression() => Gen.Select(Gen.Char["ab*"].Array[0, 6], Gen.Char["ab"].Array[0, 8]).Sample((pattern, text) =>
    {
        var expression = $"^{new string(pattern).Replace("*", ".*", StringComparison.Ordinal)}$";
        var matches = System.Text.RegularExpressions.Regex.IsMatch(new string(text), expression, default, TimeSpan.FromSeconds(1));
        return Glob.Fits(new string(pattern), new string(text)) == matches;
    });

    private static string Name(int index) => $"p{index}";

    private sealed record Case(RoutingStrategy Strategy, CandidateState[] States, bool[] Tried, int[] Prices, int Attempt, int Seed)
    {
        public bool IsEligible(int index)
        {
            var state = States[index];
            return !Tried[index]
                && state.Healthy
                && !(state.Circuit is CandidateCircuit.Open && (state.RecoveryAt is null || state.RecoveryAt > Now))
                && !(state.Circuit is not CandidateCircuit.Closed && state.ProbeOutUntil is { } probe && probe > Now)
                && !(state.LimitedUntil is { } limited && limited > Now)
                && !state.Rests.Any(rest => rest.Until > Now);
        }

        public RoutingLab.Ranked Rank(int[]? order = null, string? maker = null)
        {
            order ??= [.. Enumerable.Range(0, States.Length)];
            var lab = new RoutingLab(new InfermuxOptions
            {
                Providers = [.. order.Select(index => RoutingLab.Provider(Name(index)))],
                Routing = new RoutingOptions { Strategy = Strategy },
            })
            { Random = new Random(Seed) };
            foreach (var index in order)
            {
                lab[Name(index)] = States[index];
                if (Prices[index] > 0)
                {
                    lab.Price(Name(index), "m", Prices[index], 0);
                }
            }

            var tried = Enumerable.Range(0, States.Length).Where(index => Tried[index]).Select(Name).ToArray();
            return lab.Rank(RoutingLab.Ask("m", Attempt, tried) with { PromptEstimate = 1_000_000, Maker = maker });
        }

        // What the first choice was worth to the strategy: its tier, then what is compared.
        public (int Tier, double Key, double Second) Rank_(RoutingLab.Ranked ranked)
        {
            var first = ranked.All[0];
            return (first.Tier, first.Key, Strategy is RoutingStrategy.LeastLatency ? first.SecondKey : 0);
        }
    }
}
