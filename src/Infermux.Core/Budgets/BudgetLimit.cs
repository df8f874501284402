using Infermux.Core.Configuration;

namespace Infermux.Core.Budgets;

/// <summary>What one account may spend in one period, and what happens then.</summary>
/// <param name="LimitUsd">USD per period, not negative.</param>
/// <param name="Period">The period, in UTC.</param>
/// <param name="Action">What happens at the limit.</param>
/// <param name="ModelOverride">The replacement model; null where there is none.</param>
/// <param name="WarnAt">Share of the limit, settled, at which one alert is sent per period; 0 or less: never.</param>
/// <param name="DowngradeAt">Share of the limit from which <paramref name="ModelOverride"/> applies.</param>
/// <param name="Origin">Where it comes from.</param>
public sealed record BudgetLimit(
    decimal LimitUsd, BudgetPeriod Period, BudgetAction Action, string? ModelOverride, decimal WarnAt, decimal DowngradeAt, LimitOrigin Origin)
{
    /// <summary>Default of <c>budgets[].warn_at</c>.</summary>
    public const decimal DefaultWarnAt = 0.8m;

    /// <summary>Default of <c>budgets[].downgrade_at</c>.</summary>
    public const decimal DefaultDowngradeAt = 1m;

    /// <summary>Whether nothing may be granted over it.</summary>
    public bool IsHard => Action == BudgetAction.HardStop;

    /// <summary>Whether requests reserve under it; <c>alert</c> only watches what is settled.</summary>
    public bool Acts => Action != BudgetAction.Alert;

    /// <summary>
    /// What settled + held may reach before the model is replaced; null where nothing replaces it. A hard limit is never passed on the way there, even with
    /// a share above 1.
    /// </summary>
    public decimal? DowngradeUsd => ModelOverride is null || !Acts ? null : LimitUsd * (IsHard ? Math.Min(DowngradeAt, 1m) : DowngradeAt);
}
