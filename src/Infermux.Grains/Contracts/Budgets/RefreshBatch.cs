namespace Infermux.Grains.Contracts.Budgets;

/// <summary>Says which operations of a gateway still run, every 5 s.</summary>
/// <param name="Holds">The operations.</param>
[GenerateSerializer, Immutable, Alias("infermux.refresh-batch.v1")]
public sealed record RefreshBatch([property: Id(0)] IReadOnlyList<HoldRefresh> Holds);
