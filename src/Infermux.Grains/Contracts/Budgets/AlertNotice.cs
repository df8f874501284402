using Infermux.Core.Configuration;

namespace Infermux.Grains.Contracts.Budgets;

/// <summary>A share of an account's limit was reached, as processes tell each other.</summary>
/// <param name="Account">The account.</param>
/// <param name="Share">The share reached, 0 to 1 and beyond.</param>
/// <param name="LimitUsd">Limit of the period, USD.</param>
/// <param name="Settled">Settled in the period, USD.</param>
/// <param name="Action">What the budget does at its limit.</param>
[GenerateSerializer, Immutable, Alias("infermux.alert-notice.v1")]
public sealed record AlertNotice(
    [property: Id(0)] string Account,
    [property: Id(1)] decimal Share,
    [property: Id(2)] decimal LimitUsd,
    [property: Id(3)] decimal Settled,
    [property: Id(4)] BudgetAction Action);
