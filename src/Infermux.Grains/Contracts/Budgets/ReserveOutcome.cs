namespace Infermux.Grains.Contracts.Budgets;

/// <summary>What an account says to a <see cref="ReserveCommand"/>.</summary>
public enum ReserveOutcome
{
    /// <summary>Held, durably.</summary>
    Granted = 0,

    /// <summary>It would take settled + held over the limit.</summary>
    Denied = 1,

    /// <summary>Not held: ask again for <see cref="ReserveAnswer.ModelOverride"/>.</summary>
    Override = 2,

    /// <summary>The command came past its not-after, or its operation was already voided or settled.</summary>
    Late = 3,

    /// <summary>The account cannot store now.</summary>
    StoreUnavailable = 4,

    /// <summary>No budget of this account acts; nothing is held.</summary>
    NotNeeded = 5,

    /// <summary>
    /// Nothing is held: the account was activated anew since the gateway last heard of it. The gateway, and nobody on its behalf, asks again with
    /// <see cref="ReserveAnswer.Incarnation"/>: a command that was only delayed has no gateway waiting behind it.
    /// </summary>
    Moved = 6,

    /// <summary>The limit is hard, and the ledger behind it was emptied or set back and nobody has adopted it since.</summary>
    LedgerDoubted = 7,
}
