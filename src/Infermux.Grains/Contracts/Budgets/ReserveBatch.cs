namespace Infermux.Grains.Contracts.Budgets;

/// <summary>Reserves of several operations of one account, each decided for itself, in this order.</summary>
/// <param name="Commands">The reserves.</param>
[GenerateSerializer, Immutable, Alias("infermux.reserve-batch.v1")]
public sealed record ReserveBatch([property: Id(0)] IReadOnlyList<ReserveCommand> Commands);
