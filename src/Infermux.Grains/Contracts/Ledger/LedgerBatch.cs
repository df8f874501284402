namespace Infermux.Grains.Contracts.Ledger;

/// <summary>One outbox batch of an account for one day.</summary>
/// <param name="Account">The sender.</param>
/// <param name="Number">Rises by one per account and day.</param>
/// <param name="Rows">What to add.</param>
[GenerateSerializer, Immutable, Alias("infermux.ledger-batch.v1")]
public sealed record LedgerBatch(
    [property: Id(0)] string Account,
    [property: Id(1)] long Number,
    [property: Id(2)] IReadOnlyList<LedgerRow> Rows);
