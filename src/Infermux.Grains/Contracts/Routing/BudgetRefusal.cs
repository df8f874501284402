namespace Infermux.Grains.Contracts.Routing;

/// <summary>What the account says when it refuses, all in USD.</summary>
/// <param name="Limit">The limit of the period.</param>
/// <param name="Spent">Settled in the period.</param>
/// <param name="Reserved">Held by requests in flight.</param>
/// <param name="Requested">What this attempt would have held.</param>
/// <param name="PeriodEnd">When the period ends; null for <c>total</c>.</param>
[GenerateSerializer, Immutable, Alias("infermux.budget-refusal.v1")]
public sealed record BudgetRefusal(
    [property: Id(0)] decimal Limit,
    [property: Id(1)] decimal Spent,
    [property: Id(2)] decimal Reserved,
    [property: Id(3)] decimal Requested,
    [property: Id(4)] DateTimeOffset? PeriodEnd);
