namespace Infermux.Core.Budgets;

/// <summary>What one configuration says of an account.</summary>
/// <param name="Number">The configuration's; 0: not known.</param>
/// <param name="Limit">The account's limit in it; null: none.</param>
public sealed record NumberedLimit(long Number, BudgetLimit? Limit);
