using Infermux.Core.Configuration;

namespace Infermux.Core.Routing;

/// <summary>Which models a provider serves, as what.</summary>
public static class ModelService
{
    private static readonly string[] EchoModels = ["echo-v1", "lorem"];

    /// <summary>The candidate a provider is for a model, or null where it cannot serve it.</summary>
    internal static RouteCandidate? Candidate(RoutedProvider provider, string model, RoutingPrices prices, UnknownPriceAction unknown)
    {
        var options = provider.Options;
        var aliased = options.ModelAliases.TryGetValue(model, out var target);
        target ??= model;
        var price = prices.Find(options, target);
        var served = aliased || Names(options).Contains(model, StringComparer.Ordinal) || ServesAnyName(options) || OwnNamed(options, price is not null);
        return served || AsksListing(options)
            ? new RouteCandidate(provider, target, price, OnlyIfListed: !served, price is null && unknown is UnknownPriceAction.Refuse)
            : null;
    }

    /// <summary>The names the file gives it, or that are its own.</summary>
    public static IEnumerable<string> Names(ProviderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Type is ProviderType.Echo ? EchoModels.Union(options.Models ?? [], StringComparer.Ordinal) : options.Models ?? [];
    }

    /// <summary>Without a list: its listing, or the price table, says what a translating provider and one made from the environment serve.</summary>
    internal static bool AsksListing(ProviderOptions options) =>
        options.Models is null && options.Type is not ProviderType.Echo && (options.FromEnvironment || !IsOpenAiShaped(options.Type));

    private static bool OwnNamed(ProviderOptions options, bool priced) => priced && AsksListing(options);

    private static bool ServesAnyName(ProviderOptions options) => options.Models is null && !options.FromEnvironment && IsOpenAiShaped(options.Type);

    private static bool IsOpenAiShaped(ProviderType type) => type is ProviderType.OpenAi or ProviderType.Ollama or ProviderType.AzureOpenAi;
}
