namespace Infermux.Grains.Contracts.Budgets;

/// <summary>Settlements of one gateway for one account. One batch is in flight at a time; it is repeated with the same number until acknowledged.</summary>
/// <param name="Gateway">The gateway's incarnation: new at each start of its process, kept by its journal across a replay.</param>
/// <param name="Number">
/// Number of the LAST settlement in the batch. Settlements are numbered 1, 2, 3 … per (gateway, account) without gaps, so the first one has
/// <c>Number - Settlements.Count + 1</c>; an account that has applied up to k skips those up to k. Batches may be cut differently when they are repeated.
/// </param>
/// <param name="Settlements">In the order they happened.</param>
[GenerateSerializer, Immutable, Alias("infermux.settle-batch.v1")]
public sealed record SettleBatch(
    [property: Id(0)] Guid Gateway,
    [property: Id(1)] long Number,
    [property: Id(2)] IReadOnlyList<Settlement> Settlements);
