using Infermux.Core.Configuration;
using Infermux.Grains.Contracts.Budgets;
using Xunit;

namespace Infermux.Grains.Tests.Budgets;

/// <summary>What a dead silo left open is finished though nobody asks for the account.</summary>
public sealed class ReminderTests
{
    private static readonly BudgetOptions Hard = new() { Caller = "a", LimitUsd = 1m, Action = BudgetAction.HardStop };

    [Fact]
    public async Task Account_WithOpenWork_IsToBeWokenBeforeItAnswersAndFinishesWhenItIs()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard);
        var account = cluster.Account("a");
        Assert.False(cluster.Waker.Wakes(account));
        await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.3m));
        Assert.True(cluster.Waker.Wakes(account));
        await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.3m));
        Assert.Equal(1, cluster.Waker.Ensured); // once for both

        await cluster.DeactivateAsync(account); // as if its silo had died: nobody asks for it any more
        await AccountCluster.RemindAsync(account);
        while (cluster.Ledger.Unsettled < 0.6m)
        {
            await cluster.Ledger.NextCallAsync(cluster.Time);
        }
    }

    [Fact]
    public async Task Account_WokenWithNothingToDo_AsksNotToBeWokenUntilThereIs()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard);
        var account = cluster.Account("a");
        var operation = Guid.NewGuid();
        await account.ReserveAsync(cluster.Reserve(operation, 0.3m));
        await account.VoidAsync(new(operation, 2));
        await AccountCluster.RemindAsync(account);
        Assert.False(cluster.Waker.Wakes(account));
        await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.3m));
        Assert.True(cluster.Waker.Wakes(account));
    }

    [Fact]
    public async Task Account_NoReminderCanBeSet_AnswersAllTheSameAndTriesAgain()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard);
        var account = cluster.Account("a");
        cluster.Waker.Fails = true;
        Assert.Equal(ReserveOutcome.Granted, (await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.3m))).Outcome);
        cluster.Waker.Fails = false;
        await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.3m));
        Assert.True(cluster.Waker.Wakes(account));
    }
}
