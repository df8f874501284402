namespace Infermux.Core.Budgets;

public sealed partial record Account
{
    /// <summary>Rises with every write of the account.</summary>
    public long Version { get; init; }

    /// <summary>
    /// The adoption under which this account was found to be older than a gateway had seen it; null: it was not. It holds until the next adoption: what was spent
    /// since the copy that is loaded is unknown.
    /// </summary>
    public long? SetBackUnder { get; init; }

    /// <summary>The account as it is written: one version on, with what waits in the outbox sealed.</summary>
    public Account Written() => SealOutbox() with { Version = Version + 1 };

    /// <summary>Whether the account is known to be an older copy of itself.</summary>
    public bool IsSetBack(LedgerTrust ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        return SetBackUnder == ledger.Adopted;
    }

    /// <summary>
    /// Refuses a command under a hard limit where the ledger is not the one it was; null: it may be decided. That a gateway has seen a later version is kept, so
    /// that one which has seen nothing is refused as well.
    /// </summary>
    private Transition<HoldAnswer>? Doubted(HoldRequest request, LedgerTrust ledger, BudgetLimit? limit)
    {
        if (limit is not { IsHard: true })
        {
            return null;
        }

        if (!ledger.Holds || IsSetBack(ledger) || ledger.IsContradictedBy(request.Seen))
        {
            return Unchanged(Answer(HoldOutcome.Doubted, limit, Clock));
        }

        return request.Seen is { } seen && seen.Version > Version && seen.IsOf(ledger.Mark(0))
            ? new(this with { SetBackUnder = ledger.Adopted }, Answer(HoldOutcome.Doubted, limit, Clock), [])
            : null;
    }
}
