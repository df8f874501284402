using Infermux.Core.Costs;
using Infermux.Grains.Ledger;

namespace Infermux.Grains.Tests.Ledger;

/// <summary>The store in memory, with writes that can be held back and answers that can be lost.</summary>
internal sealed class FaultyLedgerStore : ILedgerStore
{
    private readonly MemoryLedgerStore _inner = new();

    public Func<int, Task> BeforeWrite { get; set; } = _ => Task.CompletedTask;

    public Func<int, Task> AfterWrite { get; set; } = _ => Task.CompletedTask;

    public int Writes { get; private set; }

    /// <summary>Back to no faults and no writes counted.</summary>
    public void Heal()
    {
        BeforeWrite = AfterWrite = _ => Task.CompletedTask;
        Writes = 0;
    }

    public Task<LedgerState> LoadAsync(LedgerDay day) => _inner.LoadAsync(day);

    public async Task WriteAsync(LedgerDay day, long version, CostChange change)
    {
        var write = Writes++;
        await BeforeWrite(write);
        await _inner.WriteAsync(day, version, change);
        await AfterWrite(write);
    }

    public Task<IReadOnlyList<CostRow>> ReadMonthAsync(LedgerMonth month) => _inner.ReadMonthAsync(month);
}
