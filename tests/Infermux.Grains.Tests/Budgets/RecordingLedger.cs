using System.Threading.Channels;
using Infermux.Core.Budgets;
using Infermux.Grains.Budgets;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Infermux.Grains.Tests.Budgets;

/// <summary>Books a number once, as the ledger does, and can be away.</summary>
internal sealed class RecordingLedger : ILedgerOutlet
{
    private readonly Dictionary<(string, DateOnly), long> _last = [];
    private readonly Dictionary<DateOnly, decimal> _days = [];
    private readonly Channel<OutboxBatch> _calls = Channel.CreateUnbounded<OutboxBatch>();

    public int FailNext { get; set; }

    public int LoseAnswers { get; set; }

    public decimal Total { get; private set; }

    public decimal Unsettled { get; private set; }

    /// <summary>What was booked to a day.</summary>
    public decimal Of(DateOnly day)
    {
        lock (_last)
        {
            return _days.GetValueOrDefault(day);
        }
    }

    /// <summary>The next call, booked or not.</summary>
    public Task<OutboxBatch> NextCallAsync(FakeTimeProvider time) =>
        ClockDriver.AdvanceUntilAsync(time, _calls.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask());

    public Task BookAsync(string account, OutboxBatch batch)
    {
        try
        {
            Book(account, batch);
            return Task.CompletedTask;
        }
        finally
        {
            _calls.Writer.TryWrite(batch); // told once it is in the sums
        }
    }

    private void Book(string account, OutboxBatch batch)
    {
        lock (_last)
        {
            if (FailNext > 0)
            {
                FailNext--;
                throw new IOException("the test's ledger is away");
            }

            if (_last.GetValueOrDefault((account, batch.Day)) < batch.Number)
            {
                _last[(account, batch.Day)] = batch.Number;
                Total += batch.Rows.Sum(row => row.Sums.Cost);
                _days[batch.Day] = _days.GetValueOrDefault(batch.Day) + batch.Rows.Sum(row => row.Sums.Cost);
                Unsettled += batch.Rows.Sum(row => row.Sums.UnsettledCost);
            }

            if (LoseAnswers > 0)
            {
                LoseAnswers--;
                throw new IOException("the test's ledger lost its answer");
            }
        }
    }
}
