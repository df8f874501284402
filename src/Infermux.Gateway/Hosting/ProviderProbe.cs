using System.Collections.Concurrent;
using Infermux.Core.Configuration;
using Infermux.Grains.Contracts.Providers;
using Infermux.Providers.Transport;

namespace Infermux.Gateway.Hosting;

/// <summary>Health checks for the provider grains, over the dialects. With <c>--no-health-checks</c> each provider's first check is left out.</summary>
internal sealed class ProviderProbe(IUpstreamTransport transport, bool checkAtStart) : IProviderProbe
{
    private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.Ordinal);

    public async Task<ProbeResult> CheckAsync(ProviderOptions provider, CancellationToken cancellationToken)
    {
        if (!checkAtStart && _seen.TryAdd(provider.Name, true))
        {
            return new ProbeResult(Checked: false, Alive: true, "left out at start (--no-health-checks)");
        }

        var result = await HealthCheck.RunAsync(provider, transport, cancellationToken);
        return new ProbeResult(result.Checked, result.Alive, result.Detail, result.Models);
    }
}
