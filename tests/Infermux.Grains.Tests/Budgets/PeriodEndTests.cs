using Infermux.Core.Configuration;
using Infermux.Grains.Contracts.Budgets;
using Xunit;

namespace Infermux.Grains.Tests.Budgets;

/// <summary>The end of a period, with streams open, callers rushing in, and clocks that are wrong.</summary>
public sealed class PeriodEndTests
{
    private static readonly Guid Gateway = Guid.NewGuid();
    private static readonly DateTimeOffset Midnight = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly BudgetOptions Hard = new() { Caller = "a", LimitUsd = 1m, Action = BudgetAction.HardStop };

    [Fact]
    public async Task F54_PeriodEnd_OpenStreamsAndAStampede_OneNewPeriodAndTheOldKeepsItsHolds()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard);
        cluster.Time.AdjustTime(Midnight.AddSeconds(-2));
        var account = cluster.Account("a");
        var streams = Enumerable.Range(0, 8).Select(_ => Guid.NewGuid()).ToList();
        foreach (var stream in streams)
        {
            Assert.Equal(ReserveOutcome.Granted, (await account.ReserveAsync(cluster.Reserve(stream, 0.1m, stream: true))).Outcome);
        }

        cluster.Time.AdjustTime(Midnight.AddSeconds(1));
        var rush = Enumerable.Range(0, 100).Select(_ => Guid.NewGuid()).ToList();
        var answers = await Task.WhenAll(rush.Select(operation => account.ReserveAsync(cluster.Reserve(operation, 0.03m)).AsTask()));
        var granted = rush.Zip(answers).Where(pair => pair.Second.Outcome == ReserveOutcome.Granted).Select(pair => pair.First).ToList();
        Assert.Equal(33, granted.Count); // a whole new limit, once
        Assert.All(answers, answer => Assert.Equal(Midnight.AddMonths(1), answer.PeriodEnd));
        var extended = await account.ReserveAsync(cluster.Reserve(streams[0], 0.2m, sequence: 2, stream: true));
        Assert.Equal((ReserveOutcome.Granted, Midnight, 0.9m), (extended.Outcome, extended.PeriodEnd, extended.Reserved)); // the old period's money

        var bills = streams.Select(stream => cluster.Settlement(stream, 0.07m)).Concat(granted.Select(operation => cluster.Settlement(operation, 0.02m))).ToList();
        await account.SettleAsync(new(Gateway, bills.Count, bills));
        var view = await account.GetAsync();
        Assert.Equal((Midnight, 33 * 0.02m, 0m, 0), (view.PeriodStart, view.Settled, view.Reserved, view.OpenHolds));

        while (cluster.Ledger.Total < bills.Sum(bill => bill.Lines[0].Cost))
        {
            await cluster.Ledger.NextCallAsync(cluster.Time);
        }

        Assert.Equal((8 * 0.07m, 33 * 0.02m), (cluster.Ledger.Of(new(2026, 3, 31)), cluster.Ledger.Of(new(2026, 4, 1))));
    }

    [Fact]
    public async Task F53_Silo_AnHourAheadOfTheStore_OpensNoPeriod()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard);
        cluster.Time.AdjustTime(Midnight.AddMinutes(30));
        cluster.StoreClock.Now = Midnight.AddMinutes(-30);
        var account = cluster.Account("a");
        Assert.Equal(Midnight, (await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.9m))).PeriodEnd);
        Assert.Equal(ReserveOutcome.Denied, (await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.2m))).Outcome);
        Assert.Equal(Midnight, (await account.GetAsync()).PeriodEnd);

        await cluster.DeactivateAsync(account); // and the next silo's clock is right
        cluster.Time.AdjustTime(Midnight.AddMinutes(-29));
        cluster.StoreClock.Now = Midnight.AddMinutes(-29);
        Assert.Equal(ReserveOutcome.Denied, (await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.2m))).Outcome);
        cluster.StoreClock.Now = Midnight.AddSeconds(1);
        cluster.Time.AdjustTime(Midnight.AddSeconds(1));
        Assert.Equal(ReserveOutcome.Granted, (await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.2m))).Outcome);
    }

    [Fact]
    public async Task F53_Silo_AnHourBehindTheOneBefore_ReopensNoPeriod()
    {
        await using var cluster = await AccountCluster.StartAsync(Hard);
        cluster.Time.AdjustTime(Midnight.AddMinutes(1));
        cluster.StoreClock.Now = Midnight.AddMinutes(1);
        var account = cluster.Account("a");
        await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.9m));
        await cluster.DeactivateAsync(account);
        cluster.Time.AdjustTime(Midnight.AddMinutes(1).AddHours(-1));
        Assert.Equal(Midnight.AddMonths(1), (await account.ReserveAsync(cluster.Reserve(Guid.NewGuid(), 0.2m))).PeriodEnd);
    }
}
