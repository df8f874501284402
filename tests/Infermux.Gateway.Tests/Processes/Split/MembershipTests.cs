using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes.Split;

/// <summary>How long the cluster misses a silo, and what it takes for a pause. Times are printed; the bounds leave room for a busy machine.</summary>
[Collection(Timed.Name)]
public sealed class MembershipTests(ITestOutputHelper output)
{
    private const int Accounts = 30;

    [Fact]
    public async Task KilledSilo_OfThree_IsReplacedWithinSecondsAndReturnsOnItsPortsAtOnce()
    {
        await using var cluster = await SplitCluster.StartAsync();
        GatewayFolder[] folders = [cluster.Folder(), cluster.Folder(), cluster.Folder()];
        ClusterProcess[] silos = [.. folders.Select(folder => cluster.Silo(folder))];
        var gateway = cluster.Gateway(cluster.Folder());
        foreach (var process in silos.Append(gateway))
        {
            await process.ReadyAsync();
        }

        await TouchAllAsync(gateway);

        await silos[0].KillAsync();
        var missed = await TouchAllAsync(gateway);
        output.WriteLine($"killed: every account answers again after {missed.TotalSeconds:F2} s");
        Assert.True(missed < TimeSpan.FromSeconds(8), $"{missed}: Orleans' own timing needs ten");

        var started = TimeProvider.System.GetTimestamp();
        var again = cluster.Silo(folders[0]);
        await again.ReadyAsync();
        output.WriteLine($"started again on its ports: ready after {TimeProvider.System.GetElapsedTime(started).TotalSeconds:F2} s");

        var paused = silos[1];
        await paused.SignalAsync("STOP");
        using (var pause = new PeriodicTimer(TimeSpan.FromSeconds(2)))
        {
            await pause.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        await paused.SignalAsync("CONT");
        output.WriteLine($"paused for 2 s: every account answers again {(await TouchAllAsync(gateway)).TotalSeconds:F2} s after its end");
        Assert.Equal(200, await paused.StatusAsync("/readyz"));
        Assert.False(paused.HasExited, paused.Output);
    }

    [Fact]
    public async Task WholeCluster_KilledAndStartedOnItsPorts_WaitsForNoDeadRow()
    {
        await using var cluster = await SplitCluster.StartAsync();
        var folder = cluster.Folder();
        var first = cluster.Gateway(folder, role: "all");
        await first.ReadyAsync();
        await first.KillAsync();
        var started = TimeProvider.System.GetTimestamp();
        var second = cluster.Gateway(folder, role: "all");
        await second.ReadyAsync();
        Assert.Equal(200, (await second.ChatAsync()).Status);
        var took = TimeProvider.System.GetElapsedTime(started);
        output.WriteLine($"killed and started again on the same ports: first answer after {took.TotalSeconds:F2} s");
        Assert.True(took < TimeSpan.FromSeconds(15), $"{took}: not the 15 s of a stale row\n{second.Output}");
    }

    /// <summary>Asks every account, over all silos, until each has answered.</summary>
    private static async Task<TimeSpan> TouchAllAsync(ClusterProcess gateway)
    {
        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Accounts).Select(i => Eventually.HoldsAsync(
            async () => await gateway.StatusAsync($"/_infermux/budgets/caller-{i}") == 200, TimeSpan.FromSeconds(20), () => $"account {i}\n{gateway.Output}")));
        return TimeProvider.System.GetElapsedTime(started);
    }
}
