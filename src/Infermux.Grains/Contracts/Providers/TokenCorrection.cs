namespace Infermux.Grains.Contracts.Providers;

/// <summary>What an admitted attempt used in place of what was reserved for it.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Attempt">Its attempt.</param>
/// <param name="Tokens">Tokens used.</param>
[GenerateSerializer, Immutable, Alias("infermux.token-correction.v1")]
public sealed record TokenCorrection([property: Id(0)] Guid Operation, [property: Id(1)] int Attempt, [property: Id(2)] long Tokens);
