using Infermux.Cluster.Load;
using Infermux.Cluster.Topology;
using Infermux.Testing;

namespace Infermux.Cluster.Tests.Faults;

/// <summary>Gateways that die and leave, callers that hang up, and everything replaced at once (F43 to F45, F16).</summary>
[Collection(OneAtATime.Name)]
public sealed class GatewayFaultTests : FaultTests
{
    private const string Drain = Budgets + "\nshutdown: {drain: 60s}";

    [Fact]
    public async Task F43_Kill9AGatewayWith200Streams_CutsItsOwnAloneAndLeavesNoHold()
    {
        var cluster = await StartAsync(Plan(silos: 2, gateways: 2));
        cluster.Provider("primary").Scripted.Behaviour = new Behaviour { ChunkInterval = TimeSpan.FromMilliseconds(100) };
        var victim = cluster.Gateways.Last();

        await WhileLoadedAsync(cluster, perSecond: 20, streams: 200, streamWords: 80, fault: () => victim.KillAsync());

        var cut = Log.Cut.ToArray();
        Say($"{cut.Length} cut of {Log.Records.Count}");
        Assert.NotEmpty(cut);
        Assert.All(cut, record => Assert.True(
            victim.Deaths[0].MayHaveCut(record),
            $"{record.Due:HH:mm:ss.fff} +{record.Took.TotalSeconds:0.0}s was cut; the gateway died at {victim.Deaths[0].At:HH:mm:ss.fff} and was gone at {victim.Deaths[0].Gone:HH:mm:ss.fff}"));
        Say($"gone {(victim.Deaths[0].Gone - victim.Deaths[0].At).TotalMilliseconds:0} ms after the kill; {cut.Count(record => record.Due > victim.Deaths[0].At)} cut were sent meanwhile");
        Assert.Empty(Log.Failed.Except(cut));
        await AuditAsync(cluster, quietLimit: TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task F44_RollingRestartOfGatewaysWith6SecondStreams_CutsAndRefusesNothing() => await RolledAsync(TimeSpan.FromSeconds(6), everything: false);

    [Fact(Explicit = true)] // minutes: each gateway waits for its 20 s streams
    public async Task F44_RollingRestartOfGatewaysWith20SecondStreams_CutsAndRefusesNothing() => await RolledAsync(TimeSpan.FromSeconds(20), everything: false);

    [Fact(Explicit = true)] // minutes
    public async Task F16_RollingUpgradeOfEverythingWith20SecondStreams_FailsAndCutsNothing() => await RolledAsync(TimeSpan.FromSeconds(20), everything: true);

    [Fact]
    public async Task F45_500CallersHangUpAtRandom_LeavesNoHoldAndSettlesWhatWasBilled()
    {
        var cluster = await StartAsync(Plan(silos: 2, gateways: 2));
        var primary = cluster.Provider("primary").Scripted;
        primary.Behaviour = new Behaviour { HeadDelay = TimeSpan.FromMilliseconds(50), ChunkInterval = TimeSpan.FromMilliseconds(50) };
        using var callers = new Callers(cluster.Address, TimeProvider.System);
        await WarmAsync(callers, SteadyLoad.Named(20));
        var warm = primary.Truth.Cost;
        var random = new Random(45);
        var patience = Enumerable.Range(0, 500).Select(_ => TimeSpan.FromMilliseconds(random.Next(20, 2500))).ToArray();

        await Parallel.ForEachAsync(patience.Index(), new ParallelOptions { MaxDegreeOfParallelism = 100 }, async (call, cancellationToken) =>
        {
            using var hangUp = new CancellationTokenSource(call.Item);
            Log.Add(await callers.CallAsync(new Call($"c-{call.Index % 20:000}", "gpt-4o-mini", Stream: call.Index % 4 != 0, Words: 40, MaxTokens: 40), hangUp.Token));
        });

        Say(Log.Summary());
        NobodyFailed();
        Assert.InRange(Log.Records.Count(record => record.End == CallEnd.Cancelled), 100, 500);
        Assert.True(primary.Truth.Cost > warm, "some of them got as far as the provider");
        await Eventually.HoldsAsync(() => Task.FromResult(primary.Truth.InFlight == 0), TimeSpan.FromSeconds(5), () => $"{primary.Truth.InFlight} requests are still upstream");
        await AuditAsync(cluster, quietLimit: TimeSpan.FromSeconds(45));
    }

    private async Task RolledAsync(TimeSpan stream, bool everything)
    {
        var cluster = await StartAsync(Plan(silos: 2, gateways: 2) with { More = Drain });
        var interval = TimeSpan.FromMilliseconds(200);
        cluster.Provider("primary").Scripted.Behaviour = new Behaviour { HeadDelay = TimeSpan.FromMilliseconds(30), ChunkInterval = interval };
        var ends = new List<TimeSpan>();

        await WhileLoadedAsync(cluster, perSecond: 40, streams: 30, streamWords: (int)(stream / interval), after: stream, fault: async () =>
        {
            foreach (var node in everything ? cluster.Nodes : cluster.Gateways)
            {
                var (code, took) = await node.TerminateAsync();
                Assert.Equal(0, code);
                ends.Add(took);
                await node.StartAsync();
            }
        });

        Say($"stops took {string.Join(", ", ends.Select(end => $"{end.TotalSeconds:F1} s"))}");
        NobodyFailed();
        Assert.All(ends, took => Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(62)));
        Assert.Contains(Log.Complete, record => record.Stream && record.Took >= stream * 0.9);
        var report = await AuditAsync(cluster, quietLimit: TimeSpan.FromSeconds(45));
        Assert.Equal(0m, report.Marked);
    }
}
