using Infermux.Core.Costs;
using Infermux.Gateway.Costs;
using Infermux.Grains.Contracts.Ledger;

namespace Infermux.Gateway.Tests.Costs;

/// <summary>Rows by hour, summed as the ledger's grains do; counts what it is asked.</summary>
internal sealed class CostLedger : ICostSource
{
    public List<CostRow> Rows { get; } = [];

    public int Questions { get; private set; }

    public Exception? Failure { get; set; }

    public Task<CostTable> MonthAsync(DateOnly month, LedgerQuery query, CancellationToken cancellationToken)
    {
        var days = Rows.Select(row => row with { Key = row.Key with { Start = new DateTimeOffset(row.Key.Start.UtcDateTime.Date, TimeSpan.Zero) } });
        return Answer(days, day => (day.Year, day.Month) == (month.Year, month.Month), query);
    }

    public Task<CostTable> DaysAsync(DateOnly first, DateOnly last, LedgerQuery query, CancellationToken cancellationToken) =>
        Answer(Rows, day => day >= first && day <= last, query);

    private Task<CostTable> Answer(IEnumerable<CostRow> rows, Func<DateOnly, bool> inside, LedgerQuery query)
    {
        Questions++;
        return Failure is null
            ? Task.FromResult(CostTable.Of(rows.Where(row => inside(DateOnly.FromDateTime(row.Key.Start.UtcDateTime))), query.By, query.Caller))
            : Task.FromException<CostTable>(Failure);
    }
}
