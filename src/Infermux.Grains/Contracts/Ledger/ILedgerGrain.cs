using Orleans.Concurrency;

namespace Infermux.Grains.Contracts.Ledger;

/// <summary>
/// Owns the cost rows of one UTC day for one shard of callers (0 … 15, by a stable hash of the account's name), fed by accounts' numbered outboxes. Key:
/// <see cref="LedgerAddress.DayKey(string, DateTimeOffset)"/>, <c>yyyy-MM-dd/shard</c>.
/// </summary>
[GrainInterfaceType("infermux.ledger")]
public interface ILedgerGrain : IGrainWithStringKey
{
    /// <summary>
    /// Adds rows; durable when it returns. A batch not above the last number of its account changes nothing. After an exception the batch may or may not be
    /// booked: repeat it with its number.
    /// </summary>
    [Alias("book")]
    Task BookAsync(LedgerBatch batch);

    /// <summary>All rows of this day and shard, by hour.</summary>
    [Alias("read"), ReadOnly]
    ValueTask<IReadOnlyList<LedgerRow>> ReadAsync();

    /// <summary>The sums that <paramref name="query"/> asks for, of this day and shard.</summary>
    [Alias("sum"), ReadOnly]
    ValueTask<IReadOnlyList<LedgerRow>> SumAsync(LedgerQuery query);
}
