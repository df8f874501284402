using Infermux.Core.Configuration;
using Infermux.Core.Routing;
using Infermux.Grains.Contracts.Routing;

namespace Infermux.Grains.Routing;

/// <summary>One configuration with everything selection derives from it. Built once.</summary>
internal sealed class RoutingWorld
{
    private static readonly int Verdicts = Enum.GetValues<Verdict>().Length;
    private readonly CandidateVerdict[] _plain;

    public RoutingWorld(ConfigurationSnapshot configuration)
    {
        Configuration = configuration;
        Table = new RoutingTable(configuration.Options, RoutingPrices.Of(configuration.Prices));
        Budgets = new BudgetRules(configuration.Options.Budgets);
        _plain = [.. Table.Providers.SelectMany(static provider => Enum.GetValues<Verdict>().Select(verdict => new CandidateVerdict(provider.Options.Name, verdict.Word())))];
    }

    public ConfigurationSnapshot Configuration { get; }

    public RoutingTable Table { get; }

    public BudgetRules Budgets { get; }

    /// <summary>A ranking as the answer tells it. Verdicts without numbers, which most are, exist once per configuration.</summary>
    public CandidateVerdict[] Tell(Route route, ReadOnlySpan<RankedCandidate> candidates)
    {
        var told = new CandidateVerdict[candidates.Length];
        for (var i = 0; i < told.Length; i++)
        {
            ref readonly var candidate = ref candidates[i];
            var provider = route.Candidates[candidate.Index].Provider;
            told[i] = candidate.UntilTicks == 0 && double.IsNaN(candidate.Score)
                ? _plain[(provider.Ordinal * Verdicts) + (int)candidate.Verdict]
                : new CandidateVerdict(
                    provider.Options.Name, candidate.Verdict.Word(), double.IsNaN(candidate.Score) ? null : candidate.Score, candidate.Until);
        }

        return told;
    }
}
