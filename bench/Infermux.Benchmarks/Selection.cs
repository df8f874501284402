using System.Globalization;
using BenchmarkDotNet.Attributes;
using Infermux.Core.Configuration;
using Infermux.Core.Pricing;
using Infermux.Core.Routing;

namespace Infermux.Benchmarks;

/// <summary>What does it cost to rank all providers for one attempt? The baseline only keeps the file's order.</summary>
[MemoryDiagnoser]
public class Selection
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-03-04T05:06:07Z", CultureInfo.InvariantCulture);

    private readonly Random _random = new(7);
    private readonly Dictionary<RoutingStrategy, RoutingTable> _tables = [];
    private CandidateState[] _states = [];
    private RankedCandidate[] _into = [];
    private long _turn;

    [Params(2, 20, 200)]
    public int Providers { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var providers = Enumerable.Range(0, Providers).Select(i => new ProviderOptions { Name = $"p{i}", ApiKey = "k" }).ToList();
        foreach (var strategy in Enum.GetValues<RoutingStrategy>())
        {
            _tables[strategy] = new RoutingTable(
                new InfermuxOptions { Providers = providers, Routing = new RoutingOptions { Strategy = strategy } },
                new RoutingPrices((provider, _) => new ModelPrice { Input = 1m + provider.Name.Length, Output = 2m }));
        }

        _states = [.. Enumerable.Range(0, Providers).Select(i => new CandidateState { LatencyMs = 100 + (i * 37 % 200), Samples = 100, LastSample = Now.AddSeconds(-1), InFlight = i % 5 })];
        _into = new RankedCandidate[Providers];
    }

    [Benchmark(Baseline = true)]
    public int Priority() => Rank(RoutingStrategy.Priority);

    [Benchmark]
    public int RoundRobin() => Rank(RoutingStrategy.RoundRobin);

    [Benchmark]
    public int LeastLatency() => Rank(RoutingStrategy.LeastLatency);

    [Benchmark]
    public int CostWeighted() => Rank(RoutingStrategy.CostWeighted);

    [Benchmark]
    public int Random() => Rank(RoutingStrategy.Random);

    private int Rank(RoutingStrategy strategy)
    {
        var facts = new RouteFacts { Model = "gpt-4o-mini", PromptEstimate = 250, ExpectedCompletion = 256 };
        return RouteRanker.Rank(_tables[strategy].Route(facts), facts, _states, Now, _random, _turn++, _into).Eligible;
    }
}
