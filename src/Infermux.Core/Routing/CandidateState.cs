using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Infermux.Core.Routing;

/// <summary>What is known of a provider when a selection looks at it. The defaults are what counts where nothing is known: closed and healthy.</summary>
public sealed record CandidateState
{
    /// <summary>Nothing is known.</summary>
    public static CandidateState Unknown { get; } = new();

    /// <summary>The circuit.</summary>
    public CandidateCircuit Circuit { get; init; }

    /// <summary>When an open circuit may be probed; null under a manual hold.</summary>
    public DateTimeOffset? RecoveryAt { get; init; }

    /// <summary>A probe is out until then at the latest.</summary>
    public DateTimeOffset? ProbeOutUntil { get; init; }

    /// <summary>What its health check says.</summary>
    public bool Healthy { get; init; } = true;

    /// <summary>EWMA of the time to first content, ms; null without a sample.</summary>
    public double? LatencyMs { get; init; }

    /// <summary>Samples it is made of.</summary>
    public long Samples { get; init; }

    /// <summary>The last sample.</summary>
    public DateTimeOffset? LastSample { get; init; }

    /// <summary>Attempts in flight over the cluster.</summary>
    public int InFlight { get; init; }

    /// <summary>Until when a ceiling holds it back altogether.</summary>
    public DateTimeOffset? LimitedUntil { get; init; }

    /// <summary>Models it rests for.</summary>
    public ImmutableArray<RestingModel> Rests { get; init; } = [];

    /// <summary>Models its listing named; null where none was read.</summary>
    public FrozenSet<string>? ListedModels { get; init; }

    /// <summary>An exploratory request to refresh the average is in flight somewhere.</summary>
    public bool Exploring { get; init; }
}
