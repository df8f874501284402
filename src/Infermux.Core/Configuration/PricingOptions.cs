using System.Collections.ObjectModel;
using Infermux.Core.Configuration.Keys;
using Infermux.Core.Pricing;

namespace Infermux.Core.Configuration;

/// <summary>The <c>pricing</c> block.</summary>
public sealed record PricingOptions
{
    /// <summary>What to do with a model that has no price. Default <c>warn</c>.</summary>
    public UnknownPriceAction Unknown { get; init; } = UnknownPriceAction.Warn;

    /// <summary>Provider name to model to the prices the file gives; a price the file leaves out stays built-in.</summary>
    [RestOfKeys]
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, PriceOverride>> Overrides { get; init; } =
        ReadOnlyDictionary<string, IReadOnlyDictionary<string, PriceOverride>>.Empty;
}
