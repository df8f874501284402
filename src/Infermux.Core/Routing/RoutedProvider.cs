using Infermux.Core.Configuration;
using Infermux.Core.Limits;

namespace Infermux.Core.Routing;

/// <summary>One provider with what selection would otherwise work out for every request.</summary>
public sealed class RoutedProvider
{
    internal RoutedProvider(ProviderOptions options, int ordinal)
    {
        (Options, Ordinal) = (options, ordinal);
        (BaseUrl, Credential) = (ProviderEndpoint.BaseUrl(options), ProviderEndpoint.Credential(options));
        Limited = ProviderLimits.Any(options);
        Window = TimeSpan.FromSeconds(options.CircuitBreaker.WindowSeconds);
    }

    /// <summary>The provider.</summary>
    public ProviderOptions Options { get; }

    /// <summary>Its place in the file, from 0; also its place among the states given to a ranking.</summary>
    public int Ordinal { get; }

    /// <summary>Where it is.</summary>
    public string BaseUrl { get; }

    /// <summary>Whose credential it is called with.</summary>
    public CredentialNeed Credential { get; }

    /// <summary>Whether its owner counts what goes there.</summary>
    public bool Limited { get; }

    /// <summary>After this long without a sample its latency average is stale.</summary>
    public TimeSpan Window { get; }
}
