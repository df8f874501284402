using Infermux.Core.Budgets;

namespace Infermux.Core.Tests.Budgets.Simulation;

/// <summary>The ledger: durable when it answers, and a number is booked once.</summary>
internal sealed class SimLedger
{
    private readonly Dictionary<DateOnly, long> _last = [];

    public decimal Total { get; private set; }

    public decimal Unsettled { get; private set; }

    public bool Has(OutboxBatch batch) => _last.GetValueOrDefault(batch.Day) >= batch.Number;

    public void Book(OutboxBatch batch)
    {
        if (Has(batch))
        {
            return;
        }

        _last[batch.Day] = batch.Number;
        foreach (var row in batch.Rows)
        {
            Total += row.Sums.Cost;
            Unsettled += row.Sums.UnsettledCost;
        }
    }
}
