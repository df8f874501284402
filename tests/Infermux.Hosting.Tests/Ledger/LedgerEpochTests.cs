using Infermux.Core.Budgets;
using Infermux.Hosting.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace Infermux.Hosting.Tests.Ledger;

/// <summary>The ledger's epoch on both stores: written once, missed when it is gone, and accepted by an operator alone.</summary>
public sealed class LedgerEpochTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Epoch_WrittenByTheFirstStart_IsMissedWhenGoneAndHoldsAgainOnceAdopted(bool embedded)
    {
        await using var store = await OpenStore.StartAsync(embedded);
        var epochs = new LedgerEpochStore(store.Connection, "svc");
        using RedisLedgerTrust first = Trust(epochs), second = Trust(epochs);
        var written = await first.ConfirmAsync();
        Assert.True(written.Holds && written.Epoch.Length > 0, written.Doubt);
        Assert.Equal(written, await second.ConfirmAsync()); // not a second one
        using (var pinned = Trust(epochs, "another"))
        {
            Assert.False((await pinned.ConfirmAsync()).Holds);
        }

        await store.Connection.GetDatabase().KeyDeleteAsync("svc/ledger-epoch");
        Assert.False((await first.ConfirmAsync()).Holds);
        using (var late = Trust(epochs))
        {
            Assert.True((await late.ConfirmAsync()).Holds); // it remembers nothing and makes a new one,
        }

        Assert.False((await first.ConfirmAsync()).Holds); // which those that remember do not take
        var adopted = await epochs.AdoptAsync(pinned: null, Now);
        Assert.Equal(new LedgerTrust(adopted.Epoch, Now.ToUnixTimeMilliseconds(), null), await first.ConfirmAsync());

        await second.ConfirmAsync();
        await second.DoubtAsync(new("seen", 0, 0));
        Assert.False((await first.ConfirmAsync()).Holds);
        Assert.True((await epochs.AdoptAsync(pinned: null, Now)).Adopted > adopted.Adopted); // also within one millisecond
        Assert.True((await first.ConfirmAsync()).Holds);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StoreClock_Asked_IsTheStoresOwn(bool embedded)
    {
        await using var store = await OpenStore.StartAsync(embedded);
        using var clock = new RedisStoreClock(store.Connection, TimeProvider.System, NullLogger<RedisStoreClock>.Instance);
        Assert.Null(clock.Now);
        await clock.AskAsync();
        Assert.InRange(clock.Now!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(-2), TimeSpan.FromSeconds(2));
    }

    private static RedisLedgerTrust Trust(LedgerEpochStore store, string? pinned = null) =>
        new(store, new PinnedEpoch(pinned), new LedgerMetrics(new NoMeters()), TimeProvider.System, NullLogger<RedisLedgerTrust>.Instance);
}
