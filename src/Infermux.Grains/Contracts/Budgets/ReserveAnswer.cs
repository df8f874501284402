namespace Infermux.Grains.Contracts.Budgets;

/// <summary>The answer to a <see cref="ReserveCommand"/>; a repeat gets the first one back.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Limit">Limit of the period, USD.</param>
/// <param name="Settled">Settled in the period, USD.</param>
/// <param name="Reserved">Held by open operations, USD.</param>
/// <param name="PeriodEnd">End of the period; null for <c>total</c>.</param>
/// <param name="ModelOverride">The replacement, with <see cref="ReserveOutcome.Override"/>.</param>
/// <param name="SiloTime">The clock not-after was compared with.</param>
/// <param name="Incarnation">The activation that answered, for the sender's next commands; 0 where the account is unknown.</param>
/// <param name="Ledger">How far the account's ledger has come, for the sender's next commands; null where it is in doubt.</param>
[GenerateSerializer, Immutable, Alias("infermux.reserve-answer.v1")]
public sealed record ReserveAnswer(
    [property: Id(0)] ReserveOutcome Outcome,
    [property: Id(1)] decimal Limit,
    [property: Id(2)] decimal Settled,
    [property: Id(3)] decimal Reserved,
    [property: Id(4)] DateTimeOffset? PeriodEnd,
    [property: Id(5)] string? ModelOverride,
    [property: Id(6)] DateTimeOffset SiloTime,
    [property: Id(7)] long Incarnation,
    [property: Id(8)] LedgerSeen? Ledger = null);
