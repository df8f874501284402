using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Money;

/// <summary>
/// Brings what was billed to the accounts: journaled before it returns, sent in numbered batches (<see cref="SettlePace"/>), repeated until acknowledged,
/// replayed after a crash.
/// </summary>
internal interface ISettlements
{
    /// <summary>More than 64 MiB wait for accounts to acknowledge them: hard budgets are refused until that is less.</summary>
    bool Backlogged { get; }

    /// <summary>
    /// Appends the end of an operation to the journal. Call before the last byte leaves. Synchronous and cheap: it writes to a file without fsync. An
    /// operation that holds nothing and billed nothing needs no settlement.
    /// </summary>
    void Settle(Settlement settlement);

    /// <summary>Gives up an operation of which nothing was billed; repeated until acknowledged.</summary>
    void Void(string account, Guid operation, int sequence);

    /// <summary>Keeps an operation's hold alive, and tells its account what it cost so far, until <see cref="LetGo"/>. Cheap, and safe to repeat.</summary>
    void KeepHeld(HeldOperation operation);

    /// <summary>Ends what <see cref="KeepHeld"/> began: the operation is settled or given back.</summary>
    void LetGo(HeldOperation operation);

    /// <summary>
    /// Sends at once from now on, and waits until everything journaled is acknowledged or <paramref name="cancellationToken"/> ends; part of the drain.
    /// </summary>
    Task DrainAsync(CancellationToken cancellationToken);
}
