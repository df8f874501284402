using Infermux.Core.Costs;

namespace Infermux.Grains.Ledger;

/// <summary>
/// Keeps cost rows. Every method throws <see cref="LedgerStoreException"/> when the store does not answer; a write that ends so may have happened.
/// </summary>
internal interface ILedgerStore
{
    /// <summary>The day; empty with version 0 where nothing was written.</summary>
    Task<LedgerState> LoadAsync(LedgerDay day);

    /// <summary>
    /// Writes all of <paramref name="change"/> or nothing, and only if the day is still at <paramref name="version"/>; it is at the next one afterwards.
    /// </summary>
    /// <exception cref="LedgerConflictException">It is at another version: somebody else writes it too.</exception>
    Task WriteAsync(LedgerDay day, long version, CostChange change);

    /// <summary>The daily rows of a month.</summary>
    Task<IReadOnlyList<CostRow>> ReadMonthAsync(LedgerMonth month);
}
