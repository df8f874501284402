namespace Infermux.Core.Budgets;

/// <summary>Sign of life of a running operation.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Actual">USD its streams have used so far.</param>
public readonly record struct HoldSign(Guid Operation, decimal Actual);
