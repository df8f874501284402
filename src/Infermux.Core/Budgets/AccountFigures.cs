namespace Infermux.Core.Budgets;

/// <summary>An account in figures.</summary>
/// <param name="Period">The current period; the total where no limit is set.</param>
/// <param name="Limit">The limit in force, or null.</param>
/// <param name="Sums">Its sums.</param>
public sealed record AccountFigures(PeriodKey Period, BudgetLimit? Limit, PeriodSums Sums);
