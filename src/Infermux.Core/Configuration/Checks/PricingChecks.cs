using Infermux.Core.Pricing;

namespace Infermux.Core.Configuration.Checks;

/// <summary>Prices belong to providers that exist, and whatever decides by price has one.</summary>
internal static class PricingChecks
{
    internal static IEnumerable<ConfigProblem> Of(InfermuxOptions options, PriceTable prices) => [.. Overrides(options), .. Unknown(options, prices)];

    private static IEnumerable<ConfigProblem> Overrides(InfermuxOptions options)
    {
        var known = options.Providers.Select(p => p.Name).ToList();
        foreach (var (provider, models) in options.Pricing.Overrides)
        {
            if (!known.Contains(provider, StringComparer.Ordinal))
            {
                yield return new($"pricing.{provider}", $"no provider is named '{provider}', so its prices are never used.",
                    Text.MeanOrOneOf(provider, known, "Add it under 'providers:'."), IsWarning: true);
            }
            foreach (var (model, price) in models.Where(m => m.Value.InputPerMillion is null != m.Value.OutputPerMillion is null))
            {
                var missing = price.InputPerMillion is null ? "input_per_million" : "output_per_million";
                yield return new($"pricing.{provider}.{model}", $"gives one of the two main prices; '{missing}' stays what the built-in table says, 0 where it says nothing.",
                    $"Set '{missing}' too.", IsWarning: true);
            }
        }
    }

    // A table without any price cannot tell an unknown model from a known one.
    private static IEnumerable<ConfigProblem> Unknown(InfermuxOptions options, PriceTable prices)
    {
        if (ReferenceEquals(prices, PriceTable.Empty)) { yield break; }
        var byCost = options.Routing.Strategy == RoutingStrategy.CostWeighted || options.Routing.Groups.Any(g => g.Strategy == RoutingStrategy.CostWeighted);
        foreach (var (provider, i) in options.Providers.Select((p, i) => (p, i)).Where(x => x.p.Type is not (ProviderType.Echo or ProviderType.Ollama)))
        {
            var unknown = Served.TargetsOf(provider).Where(m => prices.Find(provider, m) is null).ToList();
            if (unknown.Count == 0) { continue; }
            var models = string.Join(", ", unknown);
            if (options.Pricing.Unknown == UnknownPriceAction.Refuse)
            {
                yield return new($"providers[{i}]", $"'{provider.Name}' has no price for {models}, and 'pricing.unknown: refuse' refuses such requests.", Mend(provider), IsWarning: true);
            }
            else if (byCost)
            {
                yield return new($"providers[{i}]", $"'{provider.Name}' has no price for {models}; 'cost_weighted' sorts it last there.", Mend(provider), IsWarning: true);
            }
        }
    }

    private static string Mend(ProviderOptions provider) => $"Set 'pricing.{provider.Name}.<model>' with 'input_per_million' and 'output_per_million'; 0.0 is legal.";
}
