using System.Collections.Concurrent;
using Infermux.Core.Routing;

namespace Infermux.Grains.Routing;

/// <summary>The gates of this process, one per provider and kind of place; as many as providers were ever configured.</summary>
internal sealed class AdmissionGates(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Provider, bool Probe), AdmissionGate> _gates = new();

    /// <summary>The gate an attempt must pass, or null where it needs none.</summary>
    public AdmissionGate? Of(string provider, AdmitReason reason) => (reason & (AdmitReason.Probe | AdmitReason.Exploratory)) == AdmitReason.None
        ? null
        : _gates.GetOrAdd((provider, (reason & AdmitReason.Probe) != AdmitReason.None), static (_, time) => new AdmissionGate(time), time);
}
