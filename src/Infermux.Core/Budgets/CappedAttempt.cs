namespace Infermux.Core.Budgets;

/// <summary>One attempt that runs without a hold.</summary>
/// <param name="Operation">Of this request.</param>
/// <param name="Attempt">1 for its first.</param>
public readonly record struct CappedAttempt(Guid Operation, int Attempt);
