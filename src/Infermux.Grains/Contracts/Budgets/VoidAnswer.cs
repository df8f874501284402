namespace Infermux.Grains.Contracts.Budgets;

/// <summary>The answer to a <see cref="VoidCommand"/>.</summary>
/// <param name="Late">It came past its not-after and changed nothing: send it again with a new one.</param>
/// <param name="Stamp">Who answered.</param>
[GenerateSerializer, Immutable, Alias("infermux.void-answer.v1")]
public sealed record VoidAnswer([property: Id(0)] bool Late, [property: Id(1)] AccountStamp Stamp);
