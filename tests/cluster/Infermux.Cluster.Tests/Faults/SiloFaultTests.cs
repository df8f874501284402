using Infermux.Cluster.Topology;
using Infermux.Testing;

namespace Infermux.Cluster.Tests.Faults;

/// <summary>Silos that die, freeze and leave (F01 to F05).</summary>
[Collection(OneAtATime.Name)]
public sealed class SiloFaultTests : FaultTests
{
    private static readonly Behaviour Paced = new() { HeadDelay = TimeSpan.FromMilliseconds(30), ChunkInterval = TimeSpan.FromMilliseconds(50) };

    /// <summary>Streams of 8 s, so that nearly all of those open are open over the kill, and of no more events than two cores carry beside the requests.</summary>
    private static readonly Behaviour Long = Paced with { ChunkInterval = TimeSpan.FromMilliseconds(200) };

    [Fact]
    public async Task F01_Kill9OneSiloUnder150RequestsAnd100Streams_FailsNobodyAndNobodyWaits3SecondsMore()
    {
        var cluster = await StartAsync(Plan());
        cluster.Provider("primary").Scripted.Behaviour = Long;

        await WhileLoadedAsync(cluster, perSecond: 150, streams: 100, before: Compiled, fault: () => cluster.Silos.First().KillAsync());

        NobodyFailed();
        var report = await AuditAsync(cluster, quietLimit: TimeSpan.FromSeconds(45));
        Assert.Equal(0m, report.Marked);
    }

    [Fact]
    public async Task F03_FreezeOneSiloFor30Seconds_ChargesNobodyTwiceAndItIsGoneOrBackWithin10()
    {
        var cluster = await StartAsync(Plan());
        cluster.Provider("primary").Scripted.Behaviour = Paced;
        var (silo, frozen) = (cluster.Silos.First(), DateTimeOffset.MaxValue);

        await WhileLoadedAsync(cluster, perSecond: 60, streams: 20, fault: async () =>
        {
            frozen = Now;
            await silo.FreezeAsync();
            await LastsAsync(TimeSpan.FromSeconds(30));
            await silo.ThawAsync();
            await Eventually.HoldsAsync(
                async () => silo.Process.HasEnded || await silo.StatusAsync("/readyz") == 200, TimeSpan.FromSeconds(10), () => $"gone or back\n{silo.Process.Output}");
        });

        Say($"the silo {(silo.Process.HasEnded ? "ended" : "is back")}; worst wait {WorstWait(frozen).TotalMilliseconds:0} ms");
        Assert.InRange(WorstWait(frozen), TimeSpan.Zero, TimeSpan.FromSeconds(4));
        Assert.All(Log.Failed, record => // its accounts' callers, until it is put out; nobody else
        {
            Assert.True(record is { Status: 503, Code: "overloaded" or "budget_unavailable" }, $"{record.End} {record.Status} {record.Code} {record.Said}");
            Assert.InRange(record.Due, frozen - TimeSpan.FromSeconds(1), frozen + TimeSpan.FromSeconds(4));
        });
        var report = await AuditAsync(cluster, quietLimit: TimeSpan.FromSeconds(45));
        Assert.Equal(0m, report.Marked);
    }

    [Fact]
    public async Task F04_FreezeOneSiloFor2Seconds_PutsNobodyOutAndChargesNobodyTwice()
    {
        var cluster = await StartAsync(Plan());
        cluster.Provider("primary").Scripted.Behaviour = Paced;
        var silo = cluster.Silos.First();

        await WhileLoadedAsync(cluster, perSecond: 60, streams: 20, fault: async () =>
        {
            await silo.FreezeAsync();
            await LastsAsync(TimeSpan.FromSeconds(2));
            await silo.ThawAsync();
        });

        Assert.False(silo.Process.HasEnded, silo.Process.Output);
        Assert.Equal(200, await silo.StatusAsync("/readyz"));
        NobodyFailed();
        await AuditAsync(cluster);
    }

    [Fact]
    public async Task F05_SigtermSilosOneByOneAndRestartEach_FailsNobodyAndEachStopsWithin5Seconds()
    {
        var cluster = await StartAsync(Plan());
        cluster.Provider("primary").Scripted.Behaviour = Paced;
        var ends = new List<(int Code, TimeSpan Took)>();

        await WhileLoadedAsync(cluster, perSecond: 60, streams: 20, fault: async () =>
        {
            foreach (var silo in cluster.Silos)
            {
                ends.Add(await silo.TerminateAsync());
                await silo.StartAsync();
            }
        });

        Say($"stops took {string.Join(", ", ends.Select(end => $"{end.Took.TotalSeconds:F1} s"))}");
        Assert.All(ends, end => Assert.Equal(0, end.Code));
        Assert.All(ends, end => Assert.InRange(end.Took, TimeSpan.Zero, TimeSpan.FromSeconds(5)));
        NobodyFailed();
        await AuditAsync(cluster);
    }
}
