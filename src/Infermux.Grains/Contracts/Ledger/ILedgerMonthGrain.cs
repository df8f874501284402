using Orleans.Concurrency;

namespace Infermux.Grains.Contracts.Ledger;

/// <summary>
/// Reads the daily sums that the days of one month and shard keep beside their hours; writes nothing. So a month's report asks 16 grains, not 16 × 31. Key:
/// <see cref="LedgerAddress.MonthKey"/>, <c>yyyy-MM/shard</c>.
/// </summary>
[GrainInterfaceType("infermux.ledger-month")]
public interface ILedgerMonthGrain : IGrainWithStringKey
{
    /// <summary>The sums that <paramref name="query"/> asks for; by hour is not known here and gives days.</summary>
    [Alias("sum"), ReadOnly]
    ValueTask<IReadOnlyList<LedgerRow>> SumAsync(LedgerQuery query);
}
