using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Configuration;

/// <summary>One entry of <c>budgets</c>: what a caller may spend in a period.</summary>
public sealed record BudgetOptions
{
    /// <summary>Value of <c>X-Infermux-Caller</c>, exact; <c>*</c> is the template.</summary>
    [RequiredKey]
    public string Caller { get; init; } = "";

    /// <summary>USD in one period; <c>monthly_usd</c> is the original's spelling.</summary>
    [RequiredKey, AlsoWritten("monthly_usd"), Between("0")]
    public decimal LimitUsd { get; init; }

    /// <summary>Default <c>month</c>, or <c>month</c> always with <c>monthly_usd</c>.</summary>
    public BudgetPeriod Period { get; init; } = BudgetPeriod.Month;

    /// <summary>What happens at the limit.</summary>
    [RequiredKey]
    public BudgetAction Action { get; init; }

    /// <summary>The replacement model; with <c>hard_stop</c> too it downgrades first.</summary>
    public string? ModelOverride { get; init; }

    /// <summary>Share of the limit, settled, at which one alert event is sent per period. Default 0.8.</summary>
    [Between("0", "1")]
    public double WarnAt { get; init; } = 0.8;

    /// <summary>Share of the limit from which <see cref="ModelOverride"/> applies. Default 1.0.</summary>
    [Between("0", "1")]
    public double DowngradeAt { get; init; } = 1.0;

    /// <summary>When the account cannot be reached. Null: the block's default.</summary>
    public OnUnavailable? OnUnavailable { get; init; }
}
