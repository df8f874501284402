using System.Globalization;
using Infermux.Core.Costs;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Contracts.Ledger;

namespace Infermux.Gateway.Costs;

/// <summary>The cost reports of the management API, over the current UTC month unless said otherwise. Each is at most a second old.</summary>
internal sealed class CostReports(ICostSource source, Func<string, ICallerBudgetGrain> accounts, TimeProvider time)
{
    /// <summary>Accounts asked at once for their budgets.</summary>
    private const int Together = 32;

    private const CostDimensions AllByDay = CostDimensions.Day | CostDimensions.Caller | CostDimensions.Provider | CostDimensions.Model
        | CostDimensions.Group | CostDimensions.Project | CostDimensions.Env;

    private readonly ReportCache _cache = new(time);

    private DateOnly Month => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    private string Period => Month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary>Totals of the month.</summary>
    public Task<CostTotals> TotalsAsync() => _cache.GetAsync("totals", async () =>
    {
        var period = Period;
        var table = await MonthAsync(CostDimensions.Provider | CostDimensions.Model);
        var total = Sum(table);
        return new CostTotals(
            period, total.Cost, By(table, key => key.Provider), By(table, key => key.Model), total.Requests, total.PromptTokens, total.CompletionTokens,
            OrAbsent(total.EstimatedCost), OrAbsent(total.UnsettledCost));
    });

    /// <summary>A row per caller.</summary>
    public Task<CostsByCaller> ByCallerAsync() => _cache.GetAsync("by-caller", async () =>
    {
        var period = Period;
        var table = await MonthAsync(CostDimensions.Caller);
        var rows = table.Rows.OrderByDescending(row => row.Value.Cost).ThenBy(row => row.Key.Caller, StringComparer.Ordinal)
            .Select(row => RowOf(row.Key.Caller, row.Value)).ToArray();
        await Parallel.ForAsync(0, rows.Length, new ParallelOptions { MaxDegreeOfParallelism = Together }, async (index, _) =>
            rows[index] = await WithBudgetAsync(rows[index]));
        return new CostsByCaller(period, rows);
    });

    /// <summary>One caller; zeros where it spent nothing.</summary>
    public Task<CallerCosts> CallerAsync(string caller) => _cache.GetAsync("caller/" + caller, async () =>
    {
        var period = Period;
        var table = await MonthAsync(CostDimensions.Provider | CostDimensions.Model, caller);
        var row = RowOf(caller, Sum(table));
        return await WithBudgetAsync(new CallerCosts
        {
            Period = period,
            Caller = row.Caller,
            TotalUsd = row.TotalUsd,
            Requests = row.Requests,
            PromptTokens = row.PromptTokens,
            CompletionTokens = row.CompletionTokens,
            EstimatedUsd = row.EstimatedUsd,
            UnsettledUsd = row.UnsettledUsd,
            ByModel = By(table, key => key.Model),
            ByProvider = By(table, key => key.Provider),
        });
    });

    /// <summary>By provider, model, group, project or env.</summary>
    public Task<CostsBy> ByAsync(CostDimensions dimension) => _cache.GetAsync($"by/{dimension}", async () =>
    {
        var report = new CostsBy { Period = Period, TotalUsd = 0 };
        var table = await MonthAsync(dimension);
        var map = By(table, key => NameOf(key, dimension));
        report = report with { TotalUsd = Sum(table).Cost };
        return dimension switch
        {
            CostDimensions.Model => report with { ByModel = map },
            CostDimensions.Provider => report with { ByProvider = map },
            CostDimensions.Group => report with { ByGroup = map },
            CostDimensions.Project => report with { ByProject = map },
            CostDimensions.Env => report with { ByEnv = map },
            _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "No report tells costs apart by this."),
        };
    });

    /// <summary>Every row of the month with a part that no provider counted.</summary>
    public Task<MarkedCosts> MarkedAsync() => _cache.GetAsync("marked", async () =>
    {
        var period = Period;
        var table = await MonthAsync(AllByDay);
        var rows = table.Rows.Where(row => row.Value is not { EstimatedCost: 0m, UnsettledCost: 0m }).Select(row => MarkedRowOf(row.Key, row.Value))
            .OrderBy(row => row.Start).ThenBy(row => row.Caller, StringComparer.Ordinal).ThenBy(row => row.Provider, StringComparer.Ordinal)
            .ThenBy(row => row.Model, StringComparer.Ordinal).ToArray();
        return new MarkedCosts(period, rows.Sum(row => row.EstimatedUsd), rows.Sum(row => row.UnsettledUsd), rows);
    });

    /// <summary>
    /// Buckets up to now, aligned to whole multiples of their length since 1970, so that days begin at midnight UTC; the last one holds now. Days come from the
    /// months' daily sums.
    /// </summary>
    public Task<CostTimeseries> TimeseriesAsync(TimeseriesQuery query) => _cache.GetAsync($"timeseries/{query}", async () =>
    {
        var length = TimeSpan.FromHours(query.BucketHours);
        var last = Floor(time.GetUtcNow(), length);
        var count = (query.Hours + query.BucketHours - 1) / query.BucketHours;
        var first = last - (length * (count - 1));
        var rows = (await RowsAsync(first, last + length, query)).Rows.ToLookup(row => Floor(row.Key.Start, length));
        return new CostTimeseries([.. Enumerable.Range(0, count).Select(index => BucketOf(first + (length * index), rows, query.By))]);
    });

    private static CostBucket BucketOf(
        DateTimeOffset start, ILookup<DateTimeOffset, KeyValuePair<CostKey, CostSums>> rows, CostDimensions by)
    {
        var table = new CostTable();
        foreach (var (key, sums) in rows[start])
        {
            table.Add(key.Keep(by), sums);
        }

        var total = Sum(table);
        return new CostBucket(
            start, total.Cost, total.Requests, total.PromptTokens, total.CompletionTokens,
            by == CostDimensions.None ? null : By(table, key => NameOf(key, by)));
    }

    private async Task<CostTable> RowsAsync(DateTimeOffset from, DateTimeOffset until, TimeseriesQuery query)
    {
        var (first, last) = (DateOnly.FromDateTime(from.UtcDateTime), DateOnly.FromDateTime(until.UtcDateTime.AddTicks(-1)));
        if (query.BucketHours % 24 != 0)
        {
            return await source.DaysAsync(first, last, new LedgerQuery(query.By | CostDimensions.Hour), CancellationToken.None);
        }

        var table = new CostTable();
        for (var month = new DateOnly(first.Year, first.Month, 1); month <= last; month = month.AddMonths(1))
        {
            foreach (var (key, sums) in (await source.MonthAsync(month, new LedgerQuery(query.By | CostDimensions.Day), CancellationToken.None)).Rows)
            {
                table.Add(key, sums);
            }
        }

        return table;
    }

    private static DateTimeOffset Floor(DateTimeOffset moment, TimeSpan length)
    {
        var sinceEpoch = moment.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        return DateTimeOffset.UnixEpoch.AddTicks(sinceEpoch - (sinceEpoch % length.Ticks));
    }

    // Not cancelled with one asker: others may wait for the same report.
    private Task<CostTable> MonthAsync(CostDimensions by, string? caller = null) =>
        source.MonthAsync(Month, new LedgerQuery(by, caller), CancellationToken.None);

    private static CostSums Sum(CostTable table) => table.Rows.Values.Aggregate(default(CostSums), (total, sums) => total + sums);

    private static Dictionary<string, decimal> By(CostTable table, Func<CostKey, string> name) => table.Rows
        .GroupBy(row => name(row.Key), row => row.Value.Cost, StringComparer.Ordinal)
        .Select(group => (Name: group.Key, Cost: group.Sum()))
        .OrderByDescending(entry => entry.Cost).ThenBy(entry => entry.Name, StringComparer.Ordinal)
        .ToDictionary(entry => entry.Name, entry => entry.Cost, StringComparer.Ordinal);

    private static MarkedRow MarkedRowOf(CostKey key, CostSums sums) => new(
        key.Start, key.Caller, key.Provider, key.Model, key.Group, key.Project, key.Env, sums.Cost, sums.EstimatedCost, sums.UnsettledCost);

    private static string NameOf(CostKey key, CostDimensions dimension) => dimension switch
    {
        CostDimensions.Caller => key.Caller,
        CostDimensions.Provider => key.Provider,
        CostDimensions.Model => key.Model,
        CostDimensions.Group => key.Group,
        CostDimensions.Project => key.Project,
        CostDimensions.Env => key.Env,
        _ => "",
    };

    private static CallerRow RowOf(string caller, CostSums sums) => new()
    {
        Caller = caller,
        TotalUsd = sums.Cost,
        Requests = sums.Requests,
        PromptTokens = sums.PromptTokens,
        CompletionTokens = sums.CompletionTokens,
        EstimatedUsd = OrAbsent(sums.EstimatedCost),
        UnsettledUsd = OrAbsent(sums.UnsettledCost),
    };

    private static decimal? OrAbsent(decimal usd) => usd == 0m ? null : usd;

    private async Task<T> WithBudgetAsync<T>(T row)
        where T : CallerRow
    {
        try
        {
            return await accounts(row.Caller).GetAsync() is { LimitUsd: { } limit } account
                ? row with { BudgetUsd = limit, BudgetRemainingUsd = Math.Max(0, limit - account.Settled) }
                : row;
        }
        catch (Exception unreachable) when (unreachable is TimeoutException or Orleans.Runtime.OrleansException)
        {
            return row with { BudgetUnavailable = true }; // the costs are known all the same
        }
    }
}
