using Infermux.Core.Costs;
using Infermux.Grains.Contracts.Ledger;

namespace Infermux.Gateway.Costs;

/// <summary>Asks the ledger's grains: 16 for a month, 16 for each day by hour.</summary>
internal sealed class GrainCostSource(IGrainFactory grains) : ICostSource
{
    /// <summary>Grain calls in flight for one report.</summary>
    private const int Together = 32;

    public Task<CostTable> MonthAsync(DateOnly month, LedgerQuery query, CancellationToken cancellationToken) => GatherAsync(
        Shards().Select(shard => LedgerAddress.MonthKey(month, shard)),
        key => grains.GetGrain<ILedgerMonthGrain>(key).SumAsync(query),
        cancellationToken);

    public Task<CostTable> DaysAsync(DateOnly first, DateOnly last, LedgerQuery query, CancellationToken cancellationToken) => GatherAsync(
        Enumerable.Range(0, last.DayNumber - first.DayNumber + 1)
            .SelectMany(_ => Shards(), (offset, shard) => LedgerAddress.DayKey(first.AddDays(offset), shard)),
        key => grains.GetGrain<ILedgerGrain>(key).SumAsync(query),
        cancellationToken);

    private static IEnumerable<int> Shards() => Enumerable.Range(0, LedgerAddress.Shards);

    private static async Task<CostTable> GatherAsync(
        IEnumerable<string> keys, Func<string, ValueTask<IReadOnlyList<LedgerRow>>> ask, CancellationToken cancellationToken)
    {
        var (gate, table) = (new Lock(), new CostTable());
        var bounds = new ParallelOptions { MaxDegreeOfParallelism = Together, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(keys, bounds, async (key, _) =>
        {
            var rows = await ask(key);
            lock (gate)
            {
                foreach (var (costs, sums) in rows.Select(row => row.ToCostRow()))
                {
                    table.Add(costs, sums);
                }
            }
        });
        return table;
    }
}
