using System.Globalization;
using Infermux.Core.Configuration;
using Infermux.Grains.Contracts.Budgets;
using Xunit;

namespace Infermux.Grains.Tests.Budgets;

public sealed class HotAccountTests
{
    private const int Workers = 64;

    /// <summary>Prints pairs per second, CPU per pair and changes per write; checks the sums. More pairs per worker with <c>INFERMUX_HOT_PAIRS</c>.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task HotAccount_ReserveAndSettle_AddsUp(bool limited)
    {
        await using var cluster = await AccountCluster.StartAsync(limited ? [new BudgetOptions { Caller = "a", LimitUsd = 1_000_000m }] : []);
        var each = int.Parse(Environment.GetEnvironmentVariable("INFERMUX_HOT_PAIRS") ?? "40", CultureInfo.InvariantCulture);
        var (started, cpu) = (TimeProvider.System.GetTimestamp(), Environment.CpuUsage.TotalTime);
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(cluster, limited, each)));
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        cpu = Environment.CpuUsage.TotalTime - cpu;

        var (pairs, writes) = (Workers * each, cluster.Storage.Writes);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{(limited ? "hard_stop" : "no limit")}: {pairs / elapsed.TotalSeconds:N0} reserve+settle pairs/s, {cpu.TotalMicroseconds / pairs:N0} µs of CPU each on "
            + $"{cpu / elapsed:0.00} cores, {(limited ? 2.0 : 1.0) * pairs / writes:0.0} changes per write, {Workers} callers");
        var view = await cluster.Account("a").GetAsync();
        Assert.Equal((0.004m * pairs, 0m), (view.Settled, view.Reserved));
    }

    [Fact]
    public async Task Settles_WhileAWriteIsInFlight_ShareTheNext()
    {
        await using var cluster = await AccountCluster.StartAsync();
        var account = cluster.Account("a");
        cluster.Storage.FailWrites(StoreFault.Hangs);
        var settles = Enumerable.Range(0, 101)
            .Select(_ => account.SettleAsync(new(Guid.NewGuid(), 1, [cluster.Settlement(Guid.NewGuid(), 0.01m, held: false)]))).ToList();
        while ((await account.GetAsync()).Settled < 1.01m)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        cluster.Storage.Release.SetResult();
        await Task.WhenAll(settles);
        Assert.InRange(cluster.Storage.Writes, 1, 2); // one, if all were there before the first
    }

    private static async Task WorkAsync(AccountCluster cluster, bool limited, int pairs)
    {
        var (account, gateway) = (cluster.Account("a"), Guid.NewGuid());
        for (var i = 1; i <= pairs; i++)
        {
            var command = cluster.Reserve(Guid.NewGuid(), 0.01m);
            var answer = await account.ReserveAsync(command);
            Assert.Equal(limited ? ReserveOutcome.Granted : ReserveOutcome.NotNeeded, answer.Outcome);
            var batch = new SettleBatch(gateway, i, [cluster.Settlement(command.Operation, 0.004m, limited)]);
            await account.SettleAsync(batch);
        }
    }
}
