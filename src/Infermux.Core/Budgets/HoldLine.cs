namespace Infermux.Core.Budgets;

/// <summary>Money held for one attempt.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Provider">Where it goes.</param>
/// <param name="TargetModel">The model sent upstream.</param>
/// <param name="Amount">USD held; 0 once it is certain that nothing was billed.</param>
/// <param name="InputAmount">USD of it that the prompt costs at most.</param>
/// <param name="Stream">Whether it is a stream.</param>
public sealed record HoldLine(int Attempt, string Provider, string TargetModel, decimal Amount, decimal InputAmount, bool Stream);
