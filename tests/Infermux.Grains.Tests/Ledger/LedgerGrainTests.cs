using Infermux.Core.Costs;
using Infermux.Grains.Contracts.Ledger;
using Infermux.Grains.Ledger;
using Xunit;

namespace Infermux.Grains.Tests.Ledger;

public sealed class LedgerGrainTests : IClassFixture<LedgerCluster>
{
    private readonly LedgerCluster _cluster;
    private readonly FaultyLedgerStore _store;
    private readonly DateTimeOffset _hour;

    public LedgerGrainTests(LedgerCluster cluster)
    {
        (_cluster, _store, _hour) = (cluster, cluster.Store, cluster.AnotherYear());
        _store.Heal();
    }

    [Fact]
    public async Task Book_SameNumberAgain_ChangesNothing()
    {
        var grain = Grain("team-a");
        await grain.BookAsync(Batch(1, 0.1m, 0.2m));
        await grain.BookAsync(Batch(1, 0.1m, 0.2m));
        await grain.BookAsync(Batch(2, 0.0000000000001m));
        var row = Assert.Single(await grain.ReadAsync());
        Assert.Equal(0.3000000000001m, row.Cost);
        Assert.Equal(3, row.Requests);
    }

    [Fact]
    public async Task Book_AnswerLostAfterTheWrite_RepeatIsRecognised()
    {
        _store.AfterWrite = write => write == 0 ? throw new LedgerStoreException("lost") : Task.CompletedTask;
        var grain = Grain("team-a");
        await Assert.ThrowsAsync<LedgerStoreException>(() => grain.BookAsync(Batch(1, 0.1m)));
        await grain.BookAsync(Batch(1, 0.1m));
        Assert.Equal(0.1m, Assert.Single(await grain.ReadAsync()).Cost);
    }

    [Fact]
    public async Task Book_WriteThatNeverHappened_IsNotRememberedAsBooked()
    {
        _store.BeforeWrite = write => write == 0 ? throw new LedgerStoreException("lost") : Task.CompletedTask;
        var grain = Grain("team-a");
        await Assert.ThrowsAsync<LedgerStoreException>(() => grain.BookAsync(Batch(1, 0.1m)));
        Assert.Empty(await grain.ReadAsync());
        await grain.BookAsync(Batch(1, 0.1m));
        Assert.Equal(0.1m, Assert.Single(await grain.ReadAsync()).Cost);
    }

    [Fact]
    public async Task Book_AnotherWriterInBetween_IsRefusedThenBookedOnTopOfIt()
    {
        var grain = Grain("team-a");
        await grain.BookAsync(Batch(1, 0.1m));

        // A second activation, as it exists for a moment when silos disagree.
        var day = LedgerDay.Parse(LedgerAddress.DayKey("team-a", _hour));
        var other = await _store.LoadAsync(day);
        var change = new CostChange();
        other.Book.Book("team-b", 1, [LedgerRows.Row(5m, "team-b").ToCostRow()], change);
        await _store.WriteAsync(day, other.Version, change);

        await Assert.ThrowsAsync<LedgerConflictException>(() => grain.BookAsync(Batch(2, 0.2m)));
        await grain.BookAsync(Batch(2, 0.2m));
        Assert.Equal(5.3m, (await grain.ReadAsync()).Sum(row => row.Cost));
    }

    [Fact]
    public async Task Book_ManyWhileAWriteIsInFlight_ShareTheNextOneAndWaitForIt()
    {
        var held = new TaskCompletionSource();
        var writing = new TaskCompletionSource();
        _store.BeforeWrite = write =>
        {
            writing.TrySetResult();
            return write == 0 ? held.Task : Task.CompletedTask;
        };
        var grain = Grain("team-a");
        var first = grain.BookAsync(Batch(1, 1m));
        await writing.Task;
        var repeat = grain.BookAsync(Batch(1, 1m));
        var rest = Enumerable.Range(0, 50)
            .Select(index => grain.BookAsync(new LedgerBatch($"team-{index}", 1, [LedgerRows.Row(0.01m, $"team-{index}")])))
            .ToList();
        await UntilBookedAsync(grain, rows => rows.Count == 51);
        Assert.False(first.IsCompleted || repeat.IsCompleted || rest.Exists(booked => booked.IsCompleted));

        held.SetResult();
        await Task.WhenAll([first, repeat, .. rest]);
        Assert.Equal(2, _store.Writes);
    }

    [Fact]
    public async Task Book_FailedWriteWithOthersWaiting_FailsThemAllAndLosesNothingOnRepeat()
    {
        var held = new TaskCompletionSource();
        _store.BeforeWrite = write => write == 0 ? held.Task : Task.CompletedTask;
        var grain = Grain("team-a");
        var first = grain.BookAsync(Batch(1, 1m));
        await UntilBookedAsync(grain, rows => rows.Count == 1);
        var second = grain.BookAsync(Batch(2, 2m));
        await UntilBookedAsync(grain, rows => rows.Sum(row => row.Cost) == 3m); // both into one row
        held.SetException(new LedgerStoreException("lost"));
        await Assert.ThrowsAsync<LedgerStoreException>(() => first);
        await Assert.ThrowsAsync<LedgerStoreException>(() => second);

        await grain.BookAsync(Batch(1, 1m));
        await grain.BookAsync(Batch(2, 2m));
        Assert.Equal(3m, Assert.Single(await grain.ReadAsync()).Cost);
    }

    [Fact]
    public async Task Sum_OfTheMonth_AddsItsDaysAndTellsApartWhatIsAsked()
    {
        foreach (var day in new[] { 0, 1, 5 })
        {
            var row = LedgerRows.Row(0.1m, model: $"model-{day}") with { Hour = _hour };
            var grain = _cluster.Client.GetGrain<ILedgerGrain>(LedgerAddress.DayKey("team-a", _hour.AddDays(day)));
            await grain.BookAsync(new LedgerBatch("team-a", 1, [row with { Hour = row.Hour.AddDays(day) }, row with { Hour = row.Hour.AddDays(day).AddHours(3) }]));
        }

        var month = _cluster.Client.GetGrain<ILedgerMonthGrain>(LedgerAddress.MonthKey(new DateOnly(_hour.Year, 11, 3), LedgerAddress.ShardOf("team-a")));
        Assert.Equal(0.6m, Assert.Single(await month.SumAsync(new LedgerQuery(CostDimensions.None))).Cost);
        Assert.Equal(3, (await month.SumAsync(new LedgerQuery(CostDimensions.Model))).Count);
        Assert.Equal(
            [0.2m, 0.2m, 0.2m],
            (await month.SumAsync(new LedgerQuery(CostDimensions.Day, "team-a"))).Select(row => row.Cost));
        Assert.Empty(await month.SumAsync(new LedgerQuery(CostDimensions.Caller, "nobody")));

        await Grain("team-a").BookAsync(Batch(2, 10m));
        while (Assert.Single(await month.SumAsync(new LedgerQuery(CostDimensions.None))).Cost != 10.6m)
        {
            await Task.Yield(); // what was read is used again for a moment
        }
    }

    private static LedgerBatch Batch(long number, params decimal[] costs) => new("team-a", number, [.. costs.Select(cost => LedgerRows.Row(cost))]);

    /// <summary>Batches arrive on the grain's own turns; reading is one more turn, so asking is waiting.</summary>
    private static async Task UntilBookedAsync(ILedgerGrain grain, Func<IReadOnlyList<LedgerRow>, bool> booked)
    {
        while (!booked(await grain.ReadAsync()))
        {
            await Task.Yield();
        }
    }

    private ILedgerGrain Grain(string account) => _cluster.Client.GetGrain<ILedgerGrain>(LedgerAddress.DayKey(account, _hour));
}
