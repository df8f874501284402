namespace Infermux.Core.Budgets;

/// <summary>The answer to a <see cref="HoldRequest"/>. A repeat gets the first outcome with the figures of the moment.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Limit">USD per period; 0 where no limit is set.</param>
/// <param name="Settled">Settled in the operation's period, USD.</param>
/// <param name="Reserved">Held in it, USD.</param>
/// <param name="PeriodEnd">Its end; null for <c>total</c>.</param>
/// <param name="ModelOverride">The replacement, with <see cref="HoldOutcome.Override"/>.</param>
/// <param name="Incarnation">The account's <see cref="Account.Incarnation"/>, for the sender's next commands.</param>
public sealed record HoldAnswer(
    HoldOutcome Outcome, decimal Limit, decimal Settled, decimal Reserved, DateTimeOffset? PeriodEnd, string? ModelOverride, long Incarnation);
