using Infermux.Core.Configuration;

namespace Infermux.Core.Budgets;

/// <summary>An account's settled money has reached a share of its limit. Once per period and share.</summary>
/// <param name="Account">The account.</param>
/// <param name="Share">The share of the limit: <c>warn_at</c>, or 1 for the action <c>alert</c>.</param>
/// <param name="LimitUsd">The limit, USD.</param>
/// <param name="Settled">Settled in the period, USD.</param>
/// <param name="Action">What happens at the limit.</param>
/// <param name="Period">The period's length.</param>
/// <param name="PeriodStart">Its start; null for <c>total</c>.</param>
/// <param name="PeriodEnd">Its end; null for <c>total</c>.</param>
public sealed record BudgetAlert(
    string Account,
    decimal Share,
    decimal LimitUsd,
    decimal Settled,
    BudgetAction Action,
    BudgetPeriod Period,
    DateTimeOffset? PeriodStart,
    DateTimeOffset? PeriodEnd);
