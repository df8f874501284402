using Infermux.Core.Circuits;
using Infermux.Grains.Contracts.Providers;

namespace Infermux.Grains.Providers;

/// <summary>What of a provider survives its owner: circuit, holds, rests. Everything else is relearned.</summary>
[GenerateSerializer, Alias("infermux.provider-state.v1")]
internal sealed class ProviderState
{
    /// <summary>Rises with each activation; 0 where there is no record yet.</summary>
    [Id(0)] public long Incarnation { get; set; }

    /// <summary>Rises with each transition.</summary>
    [Id(1)] public long Generation { get; set; }

    /// <summary>Which of the three states.</summary>
    [Id(2)] public CircuitState Circuit { get; set; }

    /// <summary>When the outage began.</summary>
    [Id(3)] public DateTimeOffset Since { get; set; }

    /// <summary>While open: its end; null where held by hand.</summary>
    [Id(4)] public DateTimeOffset? Until { get; set; }

    /// <summary>Trips in a row.</summary>
    [Id(5)] public int Trips { get; set; }

    /// <summary>Why it opened.</summary>
    [Id(6)] public OpenReason Reason { get; set; }

    /// <summary>The probe that is out.</summary>
    [Id(7)] public Guid? ProbePermit { get; set; }

    /// <summary>When its permit lapses.</summary>
    [Id(8)] public DateTimeOffset? ProbeEnds { get; set; }

    /// <summary>Which upstream all this is about: <see cref="ProviderFingerprint"/>.</summary>
    [Id(9)] public string Fingerprint { get; set; } = "";

    /// <summary>Models that rest.</summary>
    [Id(10)] public List<ModelRest> Rests { get; set; } = [];

    /// <summary>When it left the configuration; null while it is there.</summary>
    [Id(11)] public DateTimeOffset? RemovedAt { get; set; }

    /// <summary>The circuit as Core knows it.</summary>
    public Circuit ToCircuit() => Circuit switch
    {
        CircuitState.Open => new Circuit.Open(Generation, Since, Until, Trips, Reason),
        CircuitState.HalfOpen => new Circuit.HalfOpen(Generation, Since, Trips, Reason, ProbePermit is { } p && ProbeEnds is { } e ? new Probe(p, e) : null),
        _ => new Circuit.Closed(Generation),
    };

    /// <summary>A record of this circuit.</summary>
    public static ProviderState Of(Circuit circuit) => circuit switch
    {
        Circuit.Open o => new()
        {
            Circuit = CircuitState.Open,
            Generation = o.Generation,
            Since = o.Since,
            Until = o.Until,
            Trips = o.Trips,
            Reason = o.Reason,
        },
        Circuit.HalfOpen h => new()
        {
            Circuit = CircuitState.HalfOpen,
            Generation = h.Generation,
            Since = h.Since,
            Trips = h.Trips,
            Reason = h.Reason,
            ProbePermit = h.Probe?.Permit,
            ProbeEnds = h.Probe?.Ends,
        },
        _ => new() { Circuit = CircuitState.Closed, Generation = circuit.Generation },
    };
}
