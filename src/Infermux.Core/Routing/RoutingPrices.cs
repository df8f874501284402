using Infermux.Core.Configuration;
using Infermux.Core.Pricing;

namespace Infermux.Core.Routing;

/// <summary>What routing asks of the price table.</summary>
/// <param name="Find">The price of a target model at a provider, null when nobody knows it.</param>
public sealed record RoutingPrices(Func<ProviderOptions, string, ModelPrice?> Find)
{
    /// <summary>Names known for a provider's vendor, for model lists and near names.</summary>
    public Func<ProviderOptions, IReadOnlyList<string>> KnownModels { get; init; } = static _ => [];

    /// <summary>The prices of a configuration.</summary>
    public static RoutingPrices Of(PriceTable table) => new(table.Find) { KnownModels = table.KnownModels };
}
