namespace Infermux.Grains.Contracts.Budgets;

/// <summary>One running operation.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Actual">USD its streams have used so far; what expiry would charge beside the input.</param>
[GenerateSerializer, Immutable, Alias("infermux.hold-refresh.v1")]
public sealed record HoldRefresh([property: Id(0)] Guid Operation, [property: Id(1)] decimal Actual);
