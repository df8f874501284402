using Infermux.Core.Pricing;

namespace Infermux.Core.Configuration.Checks;

/// <summary>Every rule about a bound configuration: one class per subject, each reporting all it finds. Reads no file, clock or network.</summary>
public static class ConfigChecks
{
    /// <summary>All problems of a configuration, errors and warnings, in the order of its blocks.</summary>
    /// <param name="options">The bound options.</param>
    /// <param name="prices">The price table built from them.</param>
    public static IReadOnlyList<ConfigProblem> Run(InfermuxOptions options, PriceTable prices)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(prices);
        return
        [
            .. RangeChecks.Of(options), .. ListenerChecks.Of(options), .. AuthChecks.Of(options), .. ClusterChecks.Of(options),
            .. ProviderChecks.Of(options), .. AddressChecks.Of(options), .. AwsChecks.Of(options), .. EntraChecks.Of(options), .. VertexChecks.Of(options),
            .. HeaderChecks.Of(options), .. ModelChecks.Of(options), .. CircuitChecks.Of(options), .. GroupChecks.Of(options),
            .. PricingChecks.Of(options, prices), .. BudgetChecks.Of(options), .. LimitChecks.Of(options),
        ];
    }
}
