using System.Collections.Concurrent;
using System.Threading.Channels;
using Infermux.Core.Configuration;
using Infermux.Core.Limits;

namespace Infermux.Grains.Tests.Providers;

/// <summary>Health checks that answer what the test wrote; without a script they are not possible.</summary>
internal sealed class ScriptedProbe : IProviderProbe
{
    private readonly ConcurrentDictionary<string, Channel<ProbeResult>> _scripts = new(StringComparer.Ordinal);

    public Channel<ProbeResult> For(string provider) => _scripts.GetOrAdd(provider, _ => Channel.CreateUnbounded<ProbeResult>());

    public async Task<ProbeResult> CheckAsync(ProviderOptions provider, CancellationToken cancellationToken) =>
        _scripts.TryGetValue(provider.Name, out var script) ? await script.Reader.ReadAsync(cancellationToken) : new ProbeResult(false, false, "");
}
