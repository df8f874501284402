using Infermux.Core.Configuration;

namespace Infermux.Core.Limits;

/// <summary>Asks a provider out of band whether it lives. Implemented by Infermux.Providers; its owner never awaits it on its turn.</summary>
public interface IProviderProbe
{
    /// <summary>One check, bounded by <c>health_check.timeout</c>. Does not throw for what the provider does.</summary>
    Task<ProbeResult> CheckAsync(ProviderOptions provider, CancellationToken cancellationToken);
}
