using Infermux.Core.Budgets;

namespace Infermux.Grains.Budgets;

/// <summary>Watches whether the store still holds the ledger it held.</summary>
internal interface ILedgerTrust
{
    /// <summary>As last seen; at most about a second old.</summary>
    LedgerTrust Current { get; }

    /// <summary>Asks the store now: whoever has read from it must know that it is still the same one.</summary>
    Task<LedgerTrust> ConfirmAsync();

    /// <summary>Keeps in the store that a gateway remembers another ledger, so that every silo refuses until an operator has looked.</summary>
    Task DoubtAsync(LedgerMark seen);
}
