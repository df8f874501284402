using System.Globalization;
using Infermux.Core.Configuration;
using Infermux.Core.Pricing;
using Infermux.Core.Routing;

namespace Infermux.Core.Tests.Routing;

/// <summary>A routing table with states that tests set by provider name.</summary>
internal sealed class RoutingLab
{
    public static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-03-04T05:06:07Z", CultureInfo.InvariantCulture);

    private readonly Dictionary<string, CandidateState> _states = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Provider, string Model), ModelPrice> _prices = [];

    public RoutingLab(InfermuxOptions options)
    {
        Table = new RoutingTable(options, new RoutingPrices((provider, model) => _prices.GetValueOrDefault((provider.Name, model))));
    }

    public RoutingTable Table { get; }

    public Random Random { get; init; } = new(7);

    public CandidateState this[string provider]
    {
        set => _states[provider] = value;
    }

    public static ProviderOptions Provider(string name, ProviderType type = ProviderType.OpenAi) => new() { Name = name, Type = type, ApiKey = "k" };

    public static RoutingLab With(RoutingStrategy strategy, params string[] providers) => new(new InfermuxOptions
    {
        Providers = [.. providers.Select(name => Provider(name))],
        Routing = new RoutingOptions { Strategy = strategy },
    });

    public static RouteFacts Ask(string model = "m", int attempt = 1, params string[] tried) => new() { Model = model, Attempt = attempt, Tried = tried };

    public RoutingLab Price(string provider, string model, decimal input, decimal output, long? maxInput = null)
    {
        _prices[(provider, model)] = new ModelPrice { Input = input, Output = output, MaxInput = maxInput };
        return this;
    }

    public CandidateState[] States() => [.. Table.Providers.Select(provider => _states.GetValueOrDefault(provider.Options.Name, CandidateState.Unknown))];

    public Ranked Rank(RouteFacts facts, DateTimeOffset? now = null)
    {
        var route = Table.Route(facts);
        var into = new RankedCandidate[route.Candidates.Length];
        var ranking = RouteRanker.Rank(route, facts, States(), now ?? Now, Random, route.Rotation.Turn(facts.Attempt), into);
        return new Ranked(route, ranking.Eligible, into[..ranking.Count]);
    }

    public Ranked Rank() => Rank(Ask());

    internal sealed record Ranked(Route Route, int Eligible, RankedCandidate[] All)
    {
        public string[] Chosen => [.. All[..Eligible].Select(Name)];

        public string First => Chosen.FirstOrDefault("nobody");

        public string[] Held => [.. All[Eligible..].Select(candidate => $"{Name(candidate)}: {candidate.Verdict.Word()}")];

        public RouteOutcome Outcome => RouteRefusal.Outcome(All);

        public RankedCandidate Of(string provider) => All.Single(candidate => Name(candidate) == provider);

        public string Target(string provider) => Route.Candidates[Of(provider).Index].TargetModel;

        private string Name(RankedCandidate candidate) => Route.Candidates[candidate.Index].Provider.Options.Name;
    }
}
