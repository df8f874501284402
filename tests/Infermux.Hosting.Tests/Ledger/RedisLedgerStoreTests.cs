using Infermux.Core.Costs;
using Infermux.Grains.Ledger;
using Infermux.Hosting.Ledger;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Infermux.Hosting.Tests.Ledger;

public sealed class RedisLedgerStoreTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 30, 0, TimeSpan.Zero);
    private static readonly LedgerDay Today = new(new DateOnly(2026, 11, 22), 7);

    private readonly FakeTimeProvider _time = new(Now);
    private RedisServer _redis = null!;
    private RedisLedgerStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _store = new RedisLedgerStore(_redis.Connection, "infermux", _time);
    }

    public ValueTask DisposeAsync() => _redis.DisposeAsync();

    [Fact]
    public async Task Load_NothingWritten_IsEmptyAtVersionZero()
    {
        var state = await _store.LoadAsync(Today);
        Assert.Equal(0, state.Version);
        Assert.Empty(state.Book.Hours);
    }

    [Fact]
    public async Task Write_OddNamesAndManyDigits_ComesBackAsItWas()
    {
        CostRow[] rows =
        [
            Row("a\u001fb", "m\",\"x", 79_228_162_514_264_337_593_543_950_335m), // the largest decimal
            Row("größe {7}", "", 0.0000000000000000000000000001m),
            Row("a", "b", -0.30m),
            Row("a\",\"b", "b", 123_456_789.123456789012345678m),
        ];
        await WriteAsync(Today, "team-a", 41, rows);

        var state = await _store.LoadAsync(Today);
        Assert.Equal(1, state.Version);
        Assert.Equal(41, state.Book.NumberOf("team-a"));
        Assert.Equal(rows.ToHashSet(), state.Book.Hours.ToHashSet());
        Assert.Equal(rows.Sum(row => row.Sums.Requests), (await _store.ReadMonthAsync(Today.Month)).Sum(row => row.Sums.Requests));
    }

    [Fact]
    public async Task Write_OfAVersionThatIsOver_IsRefusedAndWritesNothing()
    {
        var (first, second) = (await _store.LoadAsync(Today), await _store.LoadAsync(Today));
        await WriteAsync(first, Today, "team-a", 1, [Row("team-a", "m", 1m)]);
        await Assert.ThrowsAsync<LedgerConflictException>(() => WriteAsync(second, Today, "team-b", 1, [Row("team-b", "m", 2m)]));

        var state = await _store.LoadAsync(Today);
        Assert.Equal(1m, Assert.Single(state.Book.Hours).Sums.Cost);
        Assert.Equal(0, state.Book.NumberOf("team-b"));
        Assert.Equal(1m, Assert.Single(await _store.ReadMonthAsync(Today.Month)).Sums.Cost);
    }

    [Fact]
    public async Task Write_ByTwoWritersThatReloadAfterAConflict_LosesAndDoublesNothing()
    {
        const int each = 200;
        await Task.WhenAll(RunAsync("team-a"), RunAsync("team-b"));
        var book = (await _store.LoadAsync(Today)).Book;
        Assert.Equal(2 * each * 0.001m, book.Hours.Sum(row => row.Sums.Cost));
        Assert.Equal(2 * each * 0.001m, (await _store.ReadMonthAsync(Today.Month)).Sum(row => row.Sums.Cost));

        async Task RunAsync(string account)
        {
            for (var number = 1; number <= each; number++)
            {
                while (true)
                {
                    try
                    {
                        await WriteAsync(Today, account, number, [Row("shared", "m", 0.001m)]);
                        break;
                    }
                    catch (LedgerConflictException)
                    {
                        // the other one was quicker: read again
                    }
                }
            }
        }
    }

    [Fact]
    public async Task ReadMonth_SeveralDays_TellsThemApartAndKeepsOtherShardsAndMonthsOut()
    {
        await WriteAsync(Today, "team-a", 1, [Row("team-a", "m", 1m), Row("team-a", "m", 1m, hour: 3)]);
        await WriteAsync(Today with { Day = Today.Day.AddDays(1) }, "team-a", 1, [Row("team-a", "m", 10m, hour: 24)]);
        await WriteAsync(Today with { Day = Today.Day.AddDays(10) }, "team-a", 1, [Row("team-a", "m", 100m, hour: 240)]);
        await WriteAsync(Today with { Shard = 8 }, "team-b", 1, [Row("team-b", "m", 1000m)]);

        var rows = await _store.ReadMonthAsync(Today.Month);
        Assert.Equal([2m, 10m], rows.OrderBy(row => row.Key.Start).Select(row => row.Sums.Cost));
        Assert.Equal([22, 23], rows.OrderBy(row => row.Key.Start).Select(row => row.Key.Start.Day));
    }

    [Fact]
    public async Task Write_AfterTheHoursExpired_StillAddsToTheDay()
    {
        await WriteAsync(Today, "team-a", 1, [Row("team-a", "m", 1m)]);
        var day = _redis.Connection.GetServers()[0].Keys(pattern: "*2026-11-22").Single();
        var kept = await _redis.Connection.GetDatabase().KeyTimeToLiveAsync(day);
        var expected = new DateTimeOffset(2026, 12, 29, 0, 0, 0, TimeSpan.Zero) - Now;
        Assert.InRange(kept!.Value, expected - TimeSpan.FromMinutes(1), expected);

        await _redis.Connection.GetDatabase().KeyDeleteAsync(day); // as its expiry would
        _time.Advance(TimeSpan.FromDays(60));
        await WriteAsync(Today, "team-a", 2, [Row("team-a", "m", 0.5m)]);
        Assert.Equal(1.5m, Assert.Single(await _store.ReadMonthAsync(Today.Month)).Sums.Cost);
    }

    [Fact]
    public async Task Load_AfterAWriteOfWhichOnlyTheHoursWereKept_MendsTheMonth()
    {
        await WriteAsync(Today, "team-a", 1, [Row("team-a", "m", 1m)]);
        var database = _redis.Connection.GetDatabase();
        var month = _redis.Connection.GetServers()[0].Keys(pattern: "*2026-11").Single();
        var before = await database.HashGetAllAsync(month);
        await WriteAsync(Today, "team-a", 2, [Row("team-a", "m", 0.5m), Row("team-a", "n", 2m, hour: 11)]);
        await database.KeyDeleteAsync(month);
        await database.HashSetAsync(month, before); // as a store leaves it that dies between the two commands

        var state = await _store.LoadAsync(Today);

        Assert.Equal(2, state.Book.NumberOf("team-a"));
        Assert.Equal(3.5m, (await _store.ReadMonthAsync(Today.Month)).Sum(row => row.Sums.Cost));
        await WriteAsync(Today, "team-a", 3, [Row("team-a", "m", 0.25m)]);
        Assert.Equal(3.75m, (await _store.ReadMonthAsync(Today.Month)).Sum(row => row.Sums.Cost));
    }

    [Fact]
    public async Task Load_AfterTheHoursExpiredAndALateRow_LeavesTheDayAsItIs()
    {
        await WriteAsync(Today, "team-a", 1, [Row("team-a", "m", 1m)]);
        await _redis.Connection.GetDatabase().KeyDeleteAsync(_redis.Connection.GetServers()[0].Keys(pattern: "*2026-11-22").Single());
        _time.Advance(TimeSpan.FromDays(60));
        await WriteAsync(Today, "team-a", 2, [Row("team-a", "m", 0.5m)]);

        await WriteAsync(Today, "team-a", 3, [Row("team-a", "m", 0.25m)]);

        Assert.Equal(1.75m, Assert.Single(await _store.ReadMonthAsync(Today.Month)).Sums.Cost);
    }

    [Fact]
    public async Task Write_TenThousandRowsAtOnce_IsOneWrite()
    {
        await WriteAsync(Today, "team-a", 1, [.. Enumerable.Range(0, 10_000).Select(index => Row($"caller-{index}", "m", 0.01m))]);
        Assert.Equal(100m, (await _store.LoadAsync(Today)).Book.Hours.Sum(row => row.Sums.Cost));
    }

    [Fact]
    public async Task Anything_StoreGone_IsAStoreExceptionWithinItsDeadline()
    {
        _redis.Kill();
        await Assert.ThrowsAsync<LedgerStoreException>(() => _store.LoadAsync(Today)).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<LedgerStoreException>(() => _store.ReadMonthAsync(Today.Month))
            .WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    private async Task WriteAsync(LedgerDay day, string account, long number, CostRow[] rows) =>
        await WriteAsync(await _store.LoadAsync(day), day, account, number, rows);

    private async Task WriteAsync(LedgerState state, LedgerDay day, string account, long number, CostRow[] rows)
    {
        var change = new CostChange();
        Assert.True(state.Book.Book(account, number, rows, change));
        await _store.WriteAsync(day, state.Version, change);
    }

    private static CostRow Row(string caller, string model, decimal cost, int hour = 10) => new(
        new CostKey
        {
            Start = new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero).AddHours(hour),
            Caller = caller,
            Provider = "openai",
            Model = model,
            Group = "",
            Project = "",
            Env = "",
        },
        new CostSums(1, 0, long.MaxValue / 100_000, 2, cost, 0, 0));
}
