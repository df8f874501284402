using Infermux.Core.Configuration;

namespace Infermux.Grains.Contracts.Budgets;

/// <summary>A limit set through the management API; it beats the file until it is deleted.</summary>
/// <param name="LimitUsd">USD per period.</param>
/// <param name="Period">The period.</param>
/// <param name="Action">What happens at the limit.</param>
/// <param name="ModelOverride">The replacement model, or null.</param>
[GenerateSerializer, Immutable, Alias("infermux.limit-override.v1")]
public sealed record LimitOverride(
    [property: Id(0)] decimal LimitUsd,
    [property: Id(1)] BudgetPeriod Period,
    [property: Id(2)] BudgetAction Action,
    [property: Id(3)] string? ModelOverride);
