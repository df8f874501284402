using System.Collections.Concurrent;
using Infermux.Core.Configuration;
using Infermux.Core.Limits;

namespace Infermux.Providers.Transport;

/// <summary>Health checks over the dialects. Without <paramref name="checkAtStart"/> each provider's first check is left out.</summary>
internal sealed class ProviderProbe(IUpstreamTransport transport, bool checkAtStart) : IProviderProbe
{
    private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.Ordinal);

    public async Task<ProbeResult> CheckAsync(ProviderOptions provider, CancellationToken cancellationToken) =>
        !checkAtStart && _seen.TryAdd(provider.Name, true)
            ? new ProbeResult(Checked: false, Alive: true, "left out at start (--no-health-checks)")
            : await HealthCheck.RunAsync(provider, transport, cancellationToken);
}
