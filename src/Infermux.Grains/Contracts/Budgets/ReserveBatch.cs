namespace Infermux.Grains.Contracts.Budgets;

/// <summary>Reserves of one account that one process sends together. Each stands for itself: one may be granted and the next denied.</summary>
/// <param name="Commands">Decided in this order.</param>
[GenerateSerializer, Immutable, Alias("infermux.reserve-batch.v1")]
public sealed record ReserveBatch([property: Id(0)] IReadOnlyList<ReserveCommand> Commands);
