namespace Infermux.Grains.Contracts.Providers;

/// <summary>What everyone may know of a provider: immutable, pushed to every process. Of two, the one with the higher (incarnation, sequence) counts.</summary>
[GenerateSerializer, Immutable, Alias("infermux.provider-view.v1")]
public sealed record ProviderView
{
    /// <summary>The provider.</summary>
    [Id(0)] public required string Provider { get; init; }

    /// <summary>Rises with each activation of the owner.</summary>
    [Id(1)] public long Incarnation { get; init; }

    /// <summary>Rises with each view of an incarnation.</summary>
    [Id(2)] public long Sequence { get; init; }

    /// <summary>The circuit; an open one whose time has come is shown half-open.</summary>
    [Id(3)] public CircuitState Circuit { get; init; }

    /// <summary>Rises with each transition.</summary>
    [Id(4)] public long Generation { get; init; }

    /// <summary>When it opened, while open or half-open.</summary>
    [Id(5)] public DateTimeOffset? OpenedAt { get; init; }

    /// <summary>When the next probe may go out, while open; null under a manual hold.</summary>
    [Id(6)] public DateTimeOffset? RecoveryAt { get; init; }

    /// <summary>A probe is out until then at the latest.</summary>
    [Id(7)] public DateTimeOffset? ProbeOutUntil { get; init; }

    /// <summary>Opened by hand and held.</summary>
    [Id(8)] public bool Held { get; init; }

    /// <summary>Why it opened: <c>consecutive_failures</c>, <c>error_rate</c>, <c>latency_p95</c>, <c>probe_failed</c>, <c>manual</c>; empty while closed.</summary>
    [Id(9)] public string Reason { get; init; } = "";

    /// <summary>False where two health checks in a row failed and no live request succeeded within <c>health_check.interval</c>; nothing more needs to be weighed.</summary>
    [Id(10)] public bool Healthy { get; init; } = true;

    /// <summary>The last health check; null where there was none.</summary>
    [Id(11)] public DateTimeOffset? LastCheck { get; init; }

    /// <summary>EWMA of the time to first content, ms; null without a sample.</summary>
    [Id(12)] public double? LatencyMs { get; init; }

    /// <summary>Samples it is made of.</summary>
    [Id(13)] public long Samples { get; init; }

    /// <summary>The last sample.</summary>
    [Id(14)] public DateTimeOffset? LastSample { get; init; }

    /// <summary>p95 of the window, ms; null without a sample.</summary>
    [Id(15)] public double? P95Ms { get; init; }

    /// <summary>Faults ÷ verdicts of the window, 0 to 1.</summary>
    [Id(16)] public double ErrorRate { get; init; }

    /// <summary>Requests dispatched in the last minute.</summary>
    [Id(17)] public int RequestsLastMinute { get; init; }

    /// <summary>Faults in the last minute.</summary>
    [Id(18)] public int ErrorsLastMinute { get; init; }

    /// <summary>Attempts in flight over the cluster.</summary>
    [Id(19)] public int InFlight { get; init; }

    /// <summary>Requests left in this minute's ceiling; null without one.</summary>
    [Id(20)] public int? HeadroomRequests { get; init; }

    /// <summary>Tokens left in this minute's ceiling; null without one.</summary>
    [Id(21)] public int? HeadroomTokens { get; init; }

    /// <summary>Until when a ceiling holds it back altogether; null where it does not.</summary>
    [Id(22)] public DateTimeOffset? LimitedUntil { get; init; }

    /// <summary>Models it rests for.</summary>
    [Id(23)] public IReadOnlyList<ModelRest> Rests { get; init; } = [];

    /// <summary>Models its listing named, for providers without <c>models</c>; null where none was read.</summary>
    [Id(24)] public IReadOnlyList<string>? ListedModels { get; init; }

    /// <summary>An exploratory request to refresh the average is in flight.</summary>
    [Id(25)] public bool Exploring { get; init; }

    /// <summary>Faults of several gateways in a row will open the circuit in a moment: a gateway that has a success to report does so now.</summary>
    [Id(26)] public bool Suspected { get; init; }

    /// <summary>Whether it counts before <paramref name="other"/>.</summary>
    public bool IsNewerThan(ProviderView? other) =>
        other is null || (Incarnation, Sequence).CompareTo((other.Incarnation, other.Sequence)) > 0;
}
