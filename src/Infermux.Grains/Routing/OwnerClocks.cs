using System.Collections.Concurrent;
using Infermux.Core.Clocks;
using Infermux.Grains.Contracts.Providers;

namespace Infermux.Grains.Routing;

/// <summary>The clocks of the silos that own providers, as their admissions told; bounded by the providers.</summary>
internal sealed class OwnerClocks(TimeProvider time)
{
    /// <summary>How long an admission may be on its way: its place would lapse by then.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, RemoteClock> _known = new(StringComparer.Ordinal);

    public TimeSpan Uptime => time.GetElapsedTime(0);

    /// <summary>Null where the owner never answered.</summary>
    public DateTimeOffset? NotAfter(string provider) => _known.TryGetValue(provider, out var clock) ? clock.Now(Uptime) + Longest : null;

    public void Heard(string provider, Admission admission, TimeSpan asked)
    {
        var known = _known.GetValueOrDefault(provider);
        if (admission.SiloTime != default && RemoteClock.Hear(known, admission.SiloTime, asked, Uptime) is { } clock && !ReferenceEquals(clock, known))
        {
            _known[provider] = clock;
        }
    }
}
