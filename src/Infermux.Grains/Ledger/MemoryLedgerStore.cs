using System.Collections.Concurrent;
using Infermux.Core.Costs;

namespace Infermux.Grains.Ledger;

/// <summary>The store of <c>cluster.store: memory</c>: of one process, and gone with it. Fenced like the durable one, since activations can overlap here too.</summary>
internal sealed class MemoryLedgerStore : ILedgerStore
{
    private readonly ConcurrentDictionary<LedgerDay, MemoryLedgerDay> _days = new();

    public Task<LedgerState> LoadAsync(LedgerDay day) => Task.FromResult(DayOf(day).Load());

    public Task WriteAsync(LedgerDay day, long version, CostChange change)
    {
        DayOf(day).Write(version, change);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<CostRow>> ReadMonthAsync(LedgerMonth month) =>
        Task.FromResult<IReadOnlyList<CostRow>>([.. _days.Where(day => day.Key.Month == month).SelectMany(day => day.Value.Days())]);

    private MemoryLedgerDay DayOf(LedgerDay day) => _days.GetOrAdd(day, static _ => new MemoryLedgerDay());
}
