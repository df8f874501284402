using Infermux.Core.Costs;
using Infermux.Grains.Contracts.Ledger;
using Orleans.Concurrency;

namespace Infermux.Grains.Ledger;

/// <summary>
/// Reads a month from the store. What was read is used again for ten times as long as reading it took, so that reports over many callers cost the store at
/// most a tenth of its time. Reentrant: queries that come during a read share it.
/// </summary>
[GrainType("infermux.ledger-month"), Reentrant]
internal sealed class LedgerMonthGrain(ILedgerStore store, TimeProvider time) : Grain, ILedgerMonthGrain
{
    private const int UsesPerRead = 10;

    private IReadOnlyList<CostRow> _rows = [];
    private Task? _reading;
    private TimeSpan _freshFor = TimeSpan.MinValue;
    private long _readAt;

    public async ValueTask<IReadOnlyList<LedgerRow>> SumAsync(LedgerQuery query)
    {
        if (time.GetElapsedTime(_readAt) >= _freshFor)
        {
            await (_reading is { IsCompleted: false } ? _reading : _reading = ReadAsync());
        }

        return LedgerSums.Of(_rows, query);
    }

    private async Task ReadAsync()
    {
        var began = time.GetTimestamp();
        _rows = await store.ReadMonthAsync(LedgerMonth.Parse(this.GetPrimaryKeyString()));
        (_readAt, _freshFor) = (time.GetTimestamp(), time.GetElapsedTime(began) * UsesPerRead);
    }
}
