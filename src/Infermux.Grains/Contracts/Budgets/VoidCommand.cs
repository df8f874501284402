namespace Infermux.Grains.Contracts.Budgets;

/// <summary>Gives up an operation: nothing of it was billed.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Sequence">Above every sequence its reserves used.</param>
/// <param name="NotAfter">Refused past this moment of the account's silo; null: whenever it comes.</param>
[GenerateSerializer, Immutable, Alias("infermux.void.v1")]
public sealed record VoidCommand(
    [property: Id(0)] Guid Operation, [property: Id(1)] int Sequence, [property: Id(2)] DateTimeOffset? NotAfter = null);
