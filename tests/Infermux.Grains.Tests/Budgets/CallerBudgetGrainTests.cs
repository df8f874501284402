using Infermux.Core.Budgets;
using Infermux.Core.Configuration;
using Infermux.Grains.Contracts.Budgets;
using Xunit;

namespace Infermux.Grains.Tests.Budgets;

public sealed class CallerBudgetGrainTests
{
    private static readonly Guid Gateway = Guid.NewGuid();

    private static BudgetOptions Hard(decimal limit) => new() { Caller = "a", LimitUsd = limit, Action = BudgetAction.HardStop };

    [Fact]
    public async Task Reserve_500InParallelOnOneCent_NeverGoesOverTheLimit()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard(0.01m));
        var account = cluster.Account("a");
        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.0003m)).AsTask()));
        Assert.Equal(33, answers.Count(answer => answer.Outcome == ReserveOutcome.Granted)); // 33 × 0.0003 = 0.0099
        Assert.Equal(467, answers.Count(answer => answer.Outcome == ReserveOutcome.Denied));
        Assert.All(answers, answer => Assert.True(answer.Settled + answer.Reserved <= answer.Limit));
        var view = await account.GetAsync();
        Assert.Equal((0.0099m, 33), (view.Reserved, view.OpenHolds));
    }

    [Fact]
    public async Task ReserveAll_EachStandsForItselfAndAllShareAWrite()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard(1m));
        var account = cluster.Account("a");
        var first = cluster.Reserve(Guid.NewGuid(), 0.6m);
        var known = (await account.ReserveAsync(first)).Incarnation;
        var writes = cluster.Storage.Writes;
        ReserveCommand Ask(decimal amount) => cluster.Reserve(Guid.NewGuid(), amount) with { Incarnation = known };

        var answers = (await account.ReserveAllAsync(new([Ask(0.3m), Ask(0.2m), first, Ask(0.1m), Ask(0.3m) with { Incarnation = known + 1 }]))).Answers;

        ReserveOutcome[] expected = [ReserveOutcome.Granted, ReserveOutcome.Denied, ReserveOutcome.Granted, ReserveOutcome.Granted, ReserveOutcome.Moved];
        Assert.Equal(expected, answers.Select(answer => answer.Outcome));
        Assert.Equal([0.9m, 0.9m, 0.9m, 1m], answers.Take(4).Select(answer => answer.Reserved));
        Assert.Equal(writes + 1, cluster.Storage.Writes);
        var view = await account.GetAsync();
        Assert.Equal((1m, 3), (view.Reserved, view.OpenHolds));
    }

    [Fact]
    public async Task ReserveAll_WriteFails_IsSaidToEachAndHoldsNothing()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard(1m));
        var account = cluster.Account("a");
        var known = (await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.1m))).Incarnation;
        cluster.Storage.FailWrites(StoreFault.Lost);
        ReserveBatch both = new([.. Enumerable.Range(0, 2).Select(_ => cluster.Reserve(Guid.NewGuid(), 0.2m) with { Incarnation = known })]);
        Assert.All((await account.ReserveAllAsync(both)).Answers, answer => Assert.Equal(ReserveOutcome.StoreUnavailable, answer.Outcome));
        Assert.Equal(0.1m, (await account.GetAsync()).Reserved);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // the memory provider's own serializer
    public async Task Account_Reactivated_KeepsEverything(bool memoryStorage)
    {
        await using var cluster = await AccountCluster.StartAsync(memoryStorage, Hard(1m));
        var account = cluster.Account("a");
        var (open, voided, settled, refused) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var before = (await account.ReserveAsync(cluster.Reserve(open, 0.1234567890123456789m))).Incarnation;
        await account.VoidAsync(new(voided, 2));
        await account.ReserveAsync(cluster.Reserve(settled, 0.3m));
        await account.SettleAsync(new(Gateway, 1, [cluster.Settlement(settled, 0.0000000000000000000000000001m)]));
        await account.ReserveAsync(cluster.Reserve(refused, 5m));
        await account.OverrideLimitAsync(new(0.5m, BudgetPeriod.Week, BudgetAction.HardStop, null));

        await cluster.DeactivateAsync(account);

        var view = await account.GetAsync();
        Assert.Equal((0.1234567890123456789m, 1, 0.0000000000000000000000000001m), (view.Reserved, view.OpenHolds, view.Settled));
        Assert.Equal((0.5m, "api", new DateTimeOffset(2026, 3, 16, 0, 0, 0, TimeSpan.Zero)), (view.LimitUsd, view.Origin, view.PeriodStart!.Value));
        Assert.Equal(ReserveOutcome.Granted, (await account.ReserveAsync(cluster.Reserve(open, 0.1m))).Outcome); // a repeat
        foreach (var delayed in new[] { voided, settled, refused })
        {
            var moved = await account.ReserveAsync(cluster.Reserve(delayed, 0.1m) with { Incarnation = before });
            Assert.Equal(ReserveOutcome.Moved, moved.Outcome);
            Assert.NotEqual(before, moved.Incarnation);
        }

        await account.SettleAsync(new(Gateway, 1, [cluster.Settlement(settled, 0.2m)])); // this number was applied
        await account.SettleAsync(new(Gateway, 2, [cluster.Settlement(open, 0.05m)]));
        view = await account.GetAsync();
        Assert.Equal((0m, 0.0500000000000000000000000001m), (view.Reserved, view.Settled));
        Assert.Equal("file", (await account.OverrideLimitAsync(null)).Origin);
    }

    [Theory]
    [InlineData((int)StoreFault.Lost)]
    [InlineData((int)StoreFault.AppliedThenLost)]
    public async Task Write_FailsWithUnknownOutcome_IsSaidAndRepeatsChargeOnce(int fault)
    {
        await using var cluster = await AccountCluster.StartAsync(Hard(1m));
        var account = cluster.Account("a");
        var operation = Guid.NewGuid();
        cluster.Storage.FailWrites((StoreFault)fault);
        Assert.Equal(ReserveOutcome.StoreUnavailable, (await account.ReserveAsync(cluster.Reserve(operation, 0.4m))).Outcome);

        var answer = await account.ReserveAsync(cluster.Reserve(operation, 0.4m));
        Assert.Equal((ReserveOutcome.Granted, 0.4m), (answer.Outcome, answer.Reserved));

        var batch = new SettleBatch(Gateway, 1, [cluster.Settlement(operation, 0.3m)]);
        cluster.Storage.FailWrites((StoreFault)fault);
        await Assert.ThrowsAsync<AccountUnavailableException>(() => account.SettleAsync(batch));
        await account.SettleAsync(batch);
        await account.SettleAsync(batch);
        var view = await account.GetAsync();
        Assert.Equal((0.3m, 0m), (view.Settled, view.Reserved));
    }

    [Fact]
    public async Task Write_PastItsDeadline_IsUnavailableAndItsLateArrivalChangesNothing()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard(1m));
        var account = cluster.Account("a");
        await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.1m));
        cluster.Storage.FailWrites(StoreFault.Hangs);
        var operation = Guid.NewGuid();
        var first = account.ReserveAsync(cluster.Reserve(operation, 0.4m)).AsTask();
        await cluster.Storage.Hanging.Task;
        Assert.Equal(ReserveOutcome.StoreUnavailable, (await ClockDriver.AdvanceUntilAsync(cluster.Time, first)).Outcome);

        var again = await account.ReserveAsync(cluster.Reserve(operation, 0.4m));
        Assert.Equal((ReserveOutcome.Granted, 0.5m), (again.Outcome, again.Reserved));
        cluster.Storage.Release.SetResult();
        Assert.IsType<Orleans.Storage.InconsistentStateException>(await cluster.Storage.Released.Task, exactMatch: false);
        await account.VoidAsync(new(operation, 2));
        Assert.Equal(0.1m, (await account.GetAsync()).Reserved);
    }

    [Fact]
    public async Task Read_Fails_IsSaidAndTheNextCallReadsAgain()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard(1m));
        var account = cluster.Account("a");
        cluster.Storage.FailReads(StoreFault.Lost, StoreFault.Lost);
        Assert.Equal(ReserveOutcome.StoreUnavailable, (await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.4m))).Outcome);
        await Assert.ThrowsAsync<AccountUnavailableException>(() => account.VoidAsync(new(Guid.NewGuid(), 1)));
        Assert.Equal(ReserveOutcome.Granted, (await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.4m))).Outcome);
    }

    [Fact]
    public async Task Write_ETagConflict_IsReadAgainAndAsksTheGatewayToAskAgain()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard(1m));
        var account = cluster.Account("a");
        await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.6m));
        cluster.Storage.Touch(); // another activation wrote
        var operation = Guid.NewGuid();
        Assert.Equal(ReserveOutcome.Moved, (await account.ReserveAsync(cluster.Reserve(operation, 0.3m))).Outcome); // the store is not away
        var answer = await account.ReserveAsync(cluster.Reserve(operation, 0.3m));
        Assert.Equal((ReserveOutcome.Granted, 0.9m), (answer.Outcome, answer.Reserved));
    }

    [Fact]
    public async Task Alert_SettledReachesTheLimit_IsSentOnceAndStopsNothing()
    {
        await using var cluster = await AccountCluster.StartAsync(new BudgetOptions { Caller = "a", LimitUsd = 1m, Action = BudgetAction.Alert });
        var account = cluster.Account("a");
        Assert.Equal(ReserveOutcome.NotNeeded, (await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 5m))).Outcome);
        for (var i = 1; i <= 6; i++)
        {
            await account.SettleAsync(new(Gateway, i, [cluster.Settlement(Guid.NewGuid(), 0.3m, held: false)]));
        }

        await cluster.DeactivateAsync(account);
        await account.SettleAsync(new(Gateway, 7, [cluster.Settlement(Guid.NewGuid(), 0.3m, held: false)]));
        Assert.Equal([(0.8m, 0.9m), (1m, 1.2m)], cluster.Events.Alerts.Select(alert => (alert.Share, alert.Settled)));
        Assert.Equal(2.1m, (await account.GetAsync()).Settled);
    }

    [Fact]
    public async Task Hold_NobodyRefreshes_ExpiresOnTheTimerAndALateSettleCorrectsIt()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard(1m));
        var account = cluster.Account("a");
        var operation = Guid.NewGuid();
        await account.ReserveAsync(cluster.Reserve(operation, 0.4m, stream: true));
        await account.RefreshAsync(new([new(operation, 0.02m)]));
        cluster.Time.Advance(TimeSpan.FromSeconds(31));
        var batch = await cluster.Ledger.NextCallAsync(cluster.Time);
        Assert.Equal(0.021m, Assert.Single(batch.Rows).Sums.UnsettledCost);
        var view = await account.GetAsync();
        Assert.Equal((0.021m, 0.021m, 0m), (view.Settled, view.Unsettled, view.Reserved));

        await account.SettleAsync(new(Gateway, 1, [cluster.Settlement(operation, 0.2m)]));
        await cluster.Ledger.NextCallAsync(cluster.Time);
        view = await account.GetAsync();
        Assert.Equal((0.2m, 0m), (view.Settled, view.Unsettled));
        Assert.Equal((0.2m, 0m), (cluster.Ledger.Total, cluster.Ledger.Unsettled));
    }

    [Fact]
    public async Task Hold_AfterReactivation_LivesAWholeTtlMore()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard(1m));
        var account = cluster.Account("a");
        await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.4m));
        await cluster.DeactivateAsync(account);
        cluster.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(0.4m, (await account.GetAsync()).Reserved);
        await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.1m)); // expires what is due
        Assert.Equal(0.5m, (await account.GetAsync()).Reserved);
    }

    [Fact]
    public async Task Hold_LeftByADeadSilo_ExpiresOnceTheAccountIsOnlyLookedAt()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard(1m));
        var account = cluster.Account("a");
        await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.4m));
        await cluster.DeactivateAsync(account);

        Assert.Equal(1, (await account.GetAsync()).OpenHolds);
        cluster.Time.Advance(TimeSpan.FromSeconds(31));

        var batch = await cluster.Ledger.NextCallAsync(cluster.Time);
        Assert.Equal(0.4m, Assert.Single(batch.Rows).Sums.UnsettledCost);
        var view = await account.GetAsync();
        Assert.Equal((0, 0.4m), (view.OpenHolds, view.Unsettled));
    }

    [Fact]
    public async Task Account_OnlyRead_IsNeverStored()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard(1m));
        var account = cluster.Account("a");
        await account.GetAsync();
        await account.RefreshAsync(new([new(Guid.NewGuid(), 1m)]));
        await cluster.DeactivateAsync(account);
        Assert.Equal(0, cluster.Storage.Writes);
    }

    [Fact]
    public async Task Outbox_LedgerAwayOrItsAnswerLost_IsRepeatedUnderItsNumberAndBookedOnce()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard(1m));
        var account = cluster.Account("a");
        cluster.Ledger.FailNext = 1;
        cluster.Ledger.LoseAnswers = 1;
        await account.SettleAsync(new(Gateway, 1, [cluster.Settlement(Guid.NewGuid(), 0.25m)]));
        var numbers = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            numbers.Add((await cluster.Ledger.NextCallAsync(cluster.Time)).Number);
            await account.SettleAsync(new(Gateway, 2 + i, [cluster.Settlement(Guid.NewGuid(), 0.05m)])); // goes on while the first is under way
        }

        Assert.Equal([1, 1, 1], numbers);
        await cluster.DeactivateAsync(account);
        await account.VoidAsync(new(Guid.NewGuid(), 1)); // wakes the timer
        for (var calls = 0; calls < 5 && cluster.Ledger.Total < 0.4m; calls++)
        {
            await cluster.Ledger.NextCallAsync(cluster.Time);
        }

        Assert.Equal((await account.GetAsync()).Settled, cluster.Ledger.Total);
    }

    [Fact]
    public async Task Limit_ChangedByReload_FindsWhatWasSpentBefore()
    {
        await using var cluster = await AccountCluster.StartAsync();
        var account = cluster.Account("a");
        Assert.Equal(ReserveOutcome.NotNeeded, (await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 5m))).Outcome);
        await account.SettleAsync(new(Gateway, 1, [cluster.Settlement(Guid.NewGuid(), 0.7m, held: false)]));
        cluster.Configuration.Set(new BudgetOptions { Caller = "*", LimitUsd = 1m, Period = BudgetPeriod.Day });
        var answer = await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.4m));
        Assert.Equal((ReserveOutcome.Denied, 0.7m), (answer.Outcome, answer.Settled));
        Assert.Equal("template", (await account.GetAsync()).Origin);
    }
}
