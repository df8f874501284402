using Infermux.Cluster.Load;
using Infermux.Cluster.Topology;
using Infermux.Testing;

namespace Infermux.Cluster.Tests.Faults;

/// <summary>The store dies, freezes and comes back (F17 to F19).</summary>
[Collection(OneAtATime.Name)]
public sealed class StoreFaultTests : FaultTests
{
    private static readonly Behaviour Paced = new() { HeadDelay = TimeSpan.FromMilliseconds(30), ChunkInterval = TimeSpan.FromMilliseconds(20) };

    /// <summary>A quarter of the callers has a hard budget, the others none.</summary>
    private static readonly IReadOnlyList<string> Callers = SteadyLoad.Named(16);

    private static readonly ClusterPlan Quarter = new()
    {
        Nodes = ClusterPlan.Split(2, 2),
        More = $$"""
            budgets:
              callers: [{{string.Join(", ", Hard.Select(caller => $"{{caller: {caller}, limit_usd: 100, action: hard_stop}}"))}}]
            """,
    };

    private static IEnumerable<string> Hard => Callers.Where((_, n) => n % 4 == 0);

    [Fact]
    public Task F17_Kill9TheStoreThreeTimes_LosesNothingThatWasAcknowledged() => KilledAsync(cycles: 3);

    [Fact(Explicit = true)] // two minutes and more
    public Task F17_Kill9TheStore25Times_LosesNothingThatWasAcknowledged() => KilledAsync(cycles: 25);

    [Fact]
    public async Task F18_StoreDownFor30Seconds_RefusesHardCallersFastAndServesAllOthers()
    {
        var cluster = await StartAsync(Quarter);
        cluster.Provider("primary").Scripted.Behaviour = Paced;
        var (gone, back) = (DateTimeOffset.MaxValue, DateTimeOffset.MaxValue);

        await WhileLoadedAsync(cluster, perSecond: 40, streams: 8, names: Callers, fault: async () =>
        {
            gone = Now;
            await cluster.Redis.Process.KillAsync();
            await LastsAsync(TimeSpan.FromSeconds(30));
            await cluster.Redis.RestartAsync();
            back = Now;
        });

        var hard = Hard.ToHashSet(StringComparer.Ordinal);
        Assert.All(Log.Failed, record => Assert.True(hard.Contains(record.Caller) && record is { Status: 503, Code: "budget_unavailable" } or { Code: "budget_exceeded" },
            $"{record.Due:HH:mm:ss.fff} {record.Caller} {record.End} {record.Status} {record.Code} {record.Said}"));
        var refused = Log.Failed.Select(record => record.Took.TotalMilliseconds).Order().ToArray();
        Say($"{refused.Length} refused, p50 {refused[refused.Length / 2]:0} ms, p99 {refused[(int)(refused.Length * 0.99)]:0} ms; "
            + $"last refusal {(Log.Failed.Max(record => record.Due + record.Took) - back).TotalSeconds:F1} s after the store was back; "
            + $"worst wait of the others {WorstWait(gone).TotalMilliseconds:0} ms");
        Assert.All(Log.Failed, record => Assert.InRange(record.Due + record.Took, gone, back + TimeSpan.FromSeconds(4)));
        var report = await AuditAsync(cluster, quietLimit: TimeSpan.FromSeconds(45));
        Assert.Equal(0m, report.Marked);
    }

    [Fact]
    public async Task F19_FreezeTheStoreFor8Seconds_ChargesNobodyTwiceAndHoldsNoCallForLong()
    {
        var cluster = await StartAsync(Quarter);
        cluster.Provider("primary").Scripted.Behaviour = Paced;
        var frozen = DateTimeOffset.MaxValue;

        await WhileLoadedAsync(cluster, perSecond: 40, streams: 8, names: Callers, fault: async () =>
        {
            frozen = Now;
            await cluster.FreezeStoreAsync(TimeSpan.FromSeconds(8));
        });

        var hard = Hard.ToHashSet(StringComparer.Ordinal);
        Assert.All(Log.Failed, record => Assert.True(hard.Contains(record.Caller) && record is { Status: 503, Code: "budget_unavailable" },
            $"{record.Due:HH:mm:ss.fff} {record.Caller} {record.End} {record.Status} {record.Code} {record.Said}"));
        var slowest = Log.Failed.Select(record => record.Took).DefaultIfEmpty().Max();
        Say($"{Log.Failed.Count()} refused, the slowest after {slowest.TotalMilliseconds:0} ms; worst wait {WorstWait(frozen).TotalMilliseconds:0} ms");
        Assert.InRange(slowest, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        var report = await AuditAsync(cluster, quietLimit: TimeSpan.FromSeconds(45));
        Assert.Equal(0m, report.Marked);
    }

    private async Task KilledAsync(int cycles)
    {
        var cluster = await StartAsync(Quarter);
        cluster.Provider("primary").Scripted.Behaviour = Paced;

        await WhileLoadedAsync(cluster, perSecond: 40, streams: 8, names: Callers, fault: async () =>
        {
            for (var cycle = 0; cycle < cycles; cycle++)
            {
                await cluster.Redis.Process.KillAsync();
                await LastsAsync(TimeSpan.FromSeconds(2));
                await cluster.Redis.RestartAsync();
                await LastsAsync(TimeSpan.FromSeconds(3));
            }
        });

        Assert.All(Log.Failed, record => Assert.True(record is { Status: 503, Code: "budget_unavailable" },
            $"{record.Due:HH:mm:ss.fff} {record.Caller} {record.End} {record.Status} {record.Code} {record.Said}"));
        var report = await AuditAsync(cluster, quietLimit: TimeSpan.FromSeconds(60));
        Assert.Equal(0m, report.Marked);
    }
}
