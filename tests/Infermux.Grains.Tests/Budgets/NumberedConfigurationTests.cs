using Infermux.Core.Configuration;
using Infermux.Grains.Contracts.Budgets;
using Xunit;

namespace Infermux.Grains.Tests.Budgets;

/// <summary>An account that comes to processes with different files.</summary>
public sealed class NumberedConfigurationTests
{
    private static BudgetOptions Hard(decimal limit) => new()
    {
        Caller = "a",
        LimitUsd = limit,
        Action = BudgetAction.HardStop,
        WarnAt = 0.5,
        DowngradeAt = 0.25,
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // the memory provider's own serializer
    public async Task Account_MovedToASiloWithTheOldFile_KeepsTheNewLimitUntilANewerOneComes(bool memoryStorage)
    {
        await using var cluster = await AccountCluster.StartAsync(memoryStorage, Hard(1m));
        var account = cluster.Account("a");
        cluster.Numbers.Set(4, Hard(1m));
        Assert.Equal((ReserveOutcome.Granted, 1m), await ReserveAsync(cluster, account, 0.5m));
        cluster.Numbers.Set(7, Hard(2m));
        Assert.Equal((ReserveOutcome.Granted, 2m), await ReserveAsync(cluster, account, 1m));
        foreach (var older in new[] { 4, 0 }) // 0: a silo that started while the store did not number it
        {
            cluster.Numbers.Set(older, Hard(1m));
            Assert.Equal(2m, (await account.GetAsync()).LimitUsd);
            await cluster.DeactivateAsync(account);
            Assert.Equal((2m, "file"), ((await account.GetAsync()).LimitUsd, (await account.GetAsync()).Origin));
            Assert.Equal((ReserveOutcome.Granted, 2m), await ReserveAsync(cluster, account, 0.1m));
        }

        cluster.Numbers.Set(8, Hard(1m));
        Assert.Equal((ReserveOutcome.Denied, 1m), await ReserveAsync(cluster, account, 0.1m));
    }

    [Fact]
    public async Task Account_WhoseLimitTheNewFileTookAway_HasNoneOnASiloWithTheOldFile()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard(1m));
        var account = cluster.Account("a");
        cluster.Numbers.Set(7);
        await account.SettleAsync(new(Guid.NewGuid(), 1, [cluster.Settlement(Guid.NewGuid(), 3m, held: false)]));
        cluster.Numbers.Set(4, Hard(1m));
        await cluster.DeactivateAsync(account);
        Assert.Null((await account.GetAsync()).LimitUsd);
        Assert.Equal(ReserveOutcome.NotNeeded, (await ReserveAsync(cluster, account, 1m)).Outcome);
    }

    [Fact]
    public async Task Alerts_OnASiloWithTheOldFile_AreThoseOfTheNewShare()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard(1m));
        var account = cluster.Account("a");
        cluster.Numbers.Set(7, Hard(2m));
        await ReserveAsync(cluster, account, 0.1m);
        cluster.Numbers.Set(4, Hard(1m));
        await cluster.DeactivateAsync(account);
        await account.SettleAsync(new(Guid.NewGuid(), 1, [cluster.Settlement(Guid.NewGuid(), 0.9m, held: false)])); // over the old share, under the new one
        Assert.Empty(cluster.Events.Alerts);
        await account.SettleAsync(new(Guid.NewGuid(), 1, [cluster.Settlement(Guid.NewGuid(), 0.1m, held: false)]));
        Assert.Equal((2m, 0.5m), (Assert.Single(cluster.Events.Alerts).LimitUsd, cluster.Events.Alerts.Single().Share));
    }

    [Fact]
    public async Task Account_UnderAnotherNumberOnly_IsWrittenOnceForIt()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard(1m));
        var account = cluster.Account("a");
        await ReserveAsync(cluster, account, 0.1m);
        cluster.Numbers.Set(7, Hard(1m));
        var writes = cluster.Storage.Writes;
        await account.RefreshAsync(new([]));
        Assert.Equal(writes + 1, cluster.Storage.Writes);
        await account.RefreshAsync(new([]));
        Assert.Equal(writes + 1, cluster.Storage.Writes);
    }

    [Fact]
    public async Task CountedConfiguration_OfAReload_IsHigherWhereBudgetsChangedAlone()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard(1m));
        var first = cluster.Numbers.Current;
        Assert.Same(first, cluster.Numbers.Current);
        cluster.Configuration.Set(Hard(1m));
        Assert.Equal(first.Number, cluster.Numbers.Current.Number);
        cluster.Configuration.Set(Hard(2m));
        Assert.Equal(first.Number + 1, cluster.Numbers.Current.Number);
        cluster.Configuration.Set(Hard(1m)); // taken back
        Assert.Equal(first.Number + 2, cluster.Numbers.Current.Number);
    }

    private static async Task<(ReserveOutcome Outcome, decimal Limit)> ReserveAsync(AccountCluster cluster, ICallerBudgetGrain account, decimal amount)
    {
        var answer = await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), amount));
        return (answer.Outcome, answer.Limit);
    }
}
