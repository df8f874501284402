using Infermux.Core.Configuration;
using Infermux.Grains.Contracts.Budgets;
using Xunit;

namespace Infermux.Grains.Tests.Budgets;

/// <summary>A store that is emptied, or set back to an older copy, under accounts that run.</summary>
public sealed class LostStoreTests
{
    private static readonly BudgetOptions Hard = new() { Caller = "a", LimitUsd = 1m, Action = BudgetAction.HardStop };

    [Fact]
    public async Task Account_StoreSetBack_RefusesWhatAGatewaySawLaterAlsoAfterItIsLoadedAgain()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard);
        var account = cluster.Account("a");
        await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.1m));
        var copy = cluster.Storage.Copy();
        var seen = (await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.8m))).Ledger!;
        cluster.Storage.SetBack(copy);
        await cluster.DeactivateAsync(account);

        var doubted = await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.1m) with { Seen = seen });
        Assert.Equal((ReserveOutcome.LedgerDoubted, null), (doubted.Outcome, doubted.Ledger));
        await cluster.DeactivateAsync(account);
        Assert.Equal(ReserveOutcome.LedgerDoubted, (await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.1m))).Outcome);

        cluster.Trust.Stored = cluster.Trust.Stored with { Adopted = 1 };
        await cluster.Trust.ConfirmAsync();
        var adopted = await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.1m) with { Seen = seen });
        Assert.Equal((ReserveOutcome.Granted, 1L), (adopted.Outcome, adopted.Ledger!.Adopted));
    }

    [Fact]
    public async Task Account_StoreEmptiedWhileItRuns_GrantsNothingFromTheFirstReserveOn()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard);
        var account = cluster.Account("a");
        await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.9m));
        cluster.Storage.SetBack(new Dictionary<string, (byte[], string)>());
        cluster.Trust.Stored = new("", 0, "emptied"); // and nobody has looked yet

        var first = await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.1m));
        Assert.Equal(ReserveOutcome.Moved, first.Outcome); // the ETag is another
        Assert.Equal(ReserveOutcome.LedgerDoubted, (await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.1m))).Outcome);
    }

    [Fact]
    public async Task Account_FirstWriteIntoAStoreThatWasEmptied_IsNotAnsweredAsGranted()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard);
        var account = cluster.Account("a");
        Assert.Equal(0m, (await account.GetAsync()).Settled); // loaded, never stored
        cluster.Trust.Stored = new("", 0, "emptied");
        var reserve = cluster.Reserve(Guid.NewGuid(), 0.1m);
        Assert.Equal(ReserveOutcome.StoreUnavailable, (await account.ReserveAsync(reserve)).Outcome);
        Assert.Equal(ReserveOutcome.LedgerDoubted, (await account.ReserveAsync(reserve)).Outcome); // the repeat
    }

    [Fact]
    public async Task Reserve_OfAGatewayThatRemembersAnotherLedger_IsKeptAsADoubt()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard);
        var doubted = await cluster.Account("a").ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.1m) with { Seen = new("zero", 0, 0) });
        Assert.Equal((ReserveOutcome.LedgerDoubted, "zero"), (doubted.Outcome, cluster.Trust.Doubts?.Epoch));
        Assert.Equal(ReserveOutcome.LedgerDoubted, (await cluster.Account("a").ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.1m))).Outcome);
    }
}
