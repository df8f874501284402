namespace Infermux.Grains.Contracts.Providers;

/// <summary>What one gateway sent to a limited provider within one second of the last minute.</summary>
/// <param name="SecondsAgo">Before the report left; durations, because two clocks may differ.</param>
/// <param name="Requests">Attempts dispatched.</param>
/// <param name="Tokens">Tokens reserved for them, and what they used beyond that.</param>
[GenerateSerializer, Immutable, Alias("infermux.admitted-second.v1")]
public sealed record AdmittedSecond([property: Id(0)] int SecondsAgo, [property: Id(1)] long Requests, [property: Id(2)] long Tokens);
