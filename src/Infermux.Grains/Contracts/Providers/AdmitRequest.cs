namespace Infermux.Grains.Contracts.Providers;

/// <summary>Asks for one place at a provider.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Attempt">Its attempt; (operation, attempt) is admitted once.</param>
/// <param name="Tokens">Prompt estimate plus expected completion, for <c>tokens_per_minute</c>.</param>
/// <param name="Stream">Whether it is a stream.</param>
/// <param name="Exploratory">The router sends it to refresh a stale average.</param>
/// <param name="NotAfter">Refused past this moment of the owner's silo; null where its clock is not known yet.</param>
/// <param name="Incarnation">The owner that the router knows of: one with a lower incarnation has a successor, admits nothing and ends.</param>
[GenerateSerializer, Immutable, Alias("infermux.admit.v1")]
public sealed record AdmitRequest(
    [property: Id(0)] Guid Operation,
    [property: Id(1)] int Attempt,
    [property: Id(2)] long Tokens,
    [property: Id(3)] bool Stream,
    [property: Id(4)] bool Exploratory,
    [property: Id(5)] DateTimeOffset? NotAfter = null,
    [property: Id(6)] long Incarnation = 0);
