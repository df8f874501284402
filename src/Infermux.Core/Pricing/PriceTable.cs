using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Infermux.Core.Configuration;

namespace Infermux.Core.Pricing;

/// <summary>Prices by provider and target model: the file's overrides over the built-in table. Immutable; built once per configuration.</summary>
public sealed class PriceTable
{
    private const string FreeSuffix = ":free";
    private const int MaxRememberedProviders = 1_000;
    private const int MaxRememberedModels = 1_000;
    private readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, PriceOverride>> _overrides;
    private readonly BuiltInPrices? _builtIn;

    /// <summary>
    /// What <see cref="Find"/> worked out, "nobody knows" included, so that the request path looks up and does not parse. By reference, since hashing a provider's record costs more
    /// than parsing; bounded, since model names come from callers.
    /// </summary>
    private readonly ConcurrentDictionary<ProviderOptions, ConcurrentDictionary<string, ModelPrice?>> _found = new(ReferenceEqualityComparer.Instance);

    private PriceTable(string version, BuiltInPrices? builtIn, PricingOptions pricing) =>
        (Version, _builtIn, _overrides) = (version, builtIn, pricing.Overrides);

    /// <summary>No prices at all.</summary>
    public static PriceTable Empty { get; } = new("none", null, new PricingOptions());

    /// <summary>
    /// Names what the numbers came from: the built-in table's date and, where the file sets prices, a digest of them (<c>2026-11-20+1f8a02c9</c>). On every
    /// decision and cost row.
    /// </summary>
    public string Version { get; }

    /// <summary>The prices of one configuration: for each provider the file's overrides, price by price, over the built-in ones of its vendor.</summary>
    public static PriceTable Build(InfermuxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var builtIn = BuiltInPrices.Instance;
        return new PriceTable(builtIn.AsOf + Digest(options.Pricing), builtIn, options.Pricing);
    }

    /// <summary>
    /// The price of a target model at a provider, or null when nobody knows it. A price of the file holds for every service tier and prompt length; a model
    /// that the built-in table does not know needs at least the file's input price, and then its completion costs nothing unless the file says more.
    /// </summary>
    public ModelPrice? Find(ProviderOptions provider, string targetModel)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(targetModel);
        if (_found.TryGetValue(provider, out var models) && models.TryGetValue(targetModel, out var known))
        {
            return known;
        }

        var price = Resolve(provider, targetModel);
        Remember(provider, targetModel, price);
        return price;
    }

    /// <summary>Model names the table has a price for at this provider, sorted; empty where the vendor is not known and the file names none.</summary>
    public IReadOnlyList<string> KnownModels(ProviderOptions provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        var builtIn = PriceVendor.Of(provider) is { } vendor ? _builtIn?.Models(vendor) ?? [] : [];
        return [.. builtIn.Concat(OverridesOf(provider)?.Keys ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private void Remember(ProviderOptions provider, string targetModel, ModelPrice? price)
    {
        if (_found.Count < MaxRememberedProviders && _found.GetOrAdd(provider, static _ => new(StringComparer.Ordinal)) is { Count: < MaxRememberedModels } models)
        {
            models[targetModel] = price;
        }
    }

    private ModelPrice? Resolve(ProviderOptions provider, string targetModel)
    {
        var builtIn = BuiltIn(provider, targetModel);
        return OverrideOf(provider, targetModel) is { } own ? PriceMerge.Over(builtIn, own) : builtIn;
    }

    private IReadOnlyDictionary<string, PriceOverride>? OverridesOf(ProviderOptions provider) => _overrides.GetValueOrDefault(provider.Name);

    /// <summary>By the target's name, else by a caller's name that is an alias of it: people write either.</summary>
    private PriceOverride? OverrideOf(ProviderOptions provider, string targetModel)
    {
        if (OverridesOf(provider) is not { } models)
        {
            return null;
        }

        foreach (var name in Names(provider, targetModel))
        {
            if (models.TryGetValue(name, out var price))
            {
                return price;
            }
        }

        return null;
    }

    private ModelPrice? BuiltIn(ProviderOptions provider, string targetModel)
    {
        if (_builtIn is null || PriceVendor.Of(provider) is not { } vendor)
        {
            return null;
        }

        if (string.Equals(vendor, PriceVendor.Free, StringComparison.Ordinal)
            || (string.Equals(vendor, "openrouter", StringComparison.Ordinal) && targetModel.EndsWith(FreeSuffix, StringComparison.Ordinal)))
        {
            return ModelPrice.Free;
        }

        if (_builtIn.Find(vendor, targetModel) is { } price)
        {
            return price;
        }

        // Azure's target is the name of a deployment; which model it runs is known from the alias, or from the one model the provider serves.
        return provider.Type == ProviderType.AzureOpenAi
            ? Names(provider, targetModel).Skip(1).Concat(provider.Models is [var only] ? [only] : [])
                .Select(name => _builtIn.Find(vendor, name)).OfType<ModelPrice>().MaxBy(found => found.Input + found.Output)
            : null;
    }

    private static IEnumerable<string> Names(ProviderOptions provider, string targetModel) =>
        provider.ModelAliases.Where(alias => string.Equals(alias.Value, targetModel, StringComparison.Ordinal)).Select(alias => alias.Key)
            .Order(StringComparer.Ordinal).Prepend(targetModel);

    private static string Digest(PricingOptions pricing)
    {
        if (pricing.Overrides.Count == 0)
        {
            return "";
        }

        var text = new StringBuilder();
        foreach (var (provider, models) in pricing.Overrides.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            foreach (var (model, price) in models.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                text.Append(provider).Append('\n').Append(model).Append('\n').Append(price).Append('\n');
            }
        }

        return "+" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..8];
    }
}
