namespace Infermux.Grains.Contracts.Providers;

/// <summary>The answer to an <see cref="AdmitRequest"/>.</summary>
/// <param name="Admitted">Whether the attempt may go out.</param>
/// <param name="Refusal">Why not: a verdict of <see cref="Routing.CandidateVerdict"/>; empty when admitted.</param>
/// <param name="Until">When to come back, where known.</param>
/// <param name="Generation">Generation it is admitted under.</param>
/// <param name="ProbePermit">Set when it is the probe.</param>
/// <param name="SiloTime">The owner's clock when it answered.</param>
/// <param name="Incarnation">The owner's: whoever knows of a higher one does not use the admission, and who knows only of a lower one has met a new owner.</param>
[GenerateSerializer, Immutable, Alias("infermux.admission.v1")]
public sealed record Admission(
    [property: Id(0)] bool Admitted,
    [property: Id(1)] string Refusal,
    [property: Id(2)] DateTimeOffset? Until,
    [property: Id(3)] long Generation,
    [property: Id(4)] Guid? ProbePermit,
    [property: Id(5)] DateTimeOffset SiloTime = default,
    [property: Id(6)] long Incarnation = 0);
