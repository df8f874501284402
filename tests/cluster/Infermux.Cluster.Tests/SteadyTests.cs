using Infermux.Cluster.Load;
using Infermux.Cluster.Topology;
using Infermux.Testing;

namespace Infermux.Cluster.Tests;

[Collection(OneAtATime.Name)]
public sealed class SteadyTests : ClusterTests
{
    [Fact]
    public async Task TwoGateways_Under20SecondsOf64Callers_FailNobodyAndTheBooksBalance()
    {
        var cluster = await StartAsync(new ClusterPlan
        {
            Nodes = [NodeKind.AllInOne, NodeKind.AllInOne],
            More = """
                budgets:
                  callers: [{caller: "*", limit_usd: 100, action: hard_stop}]
                """,
        });
        cluster.Provider("primary").Scripted.Behaviour = new Behaviour
        {
            HeadDelay = TimeSpan.FromMilliseconds(30),
            ChunkInterval = TimeSpan.FromMilliseconds(50),
        };
        using var callers = new Callers(cluster.Address, TimeProvider.System);
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(20));

        await new SteadyLoad(callers, Log, TimeProvider.System) { PerSecond = 40, Streams = 20, StreamWords = 60 }.RunAsync(over.Token);

        Say(Log.Summary());
        NobodyFailed();
        Assert.Equal(64, Log.Records.Select(record => record.Caller).Distinct().Count());
        Assert.All(Log.Complete, record => Assert.NotNull(record.Cost));
        var report = await AuditAsync(cluster);
        Assert.Equal(cluster.Provider("primary").Scripted.Truth.Cost, report.Settled);
        Assert.Equal(Log.Records.Sum(record => record.Cost), report.Settled);
        Assert.Equal(0m, report.Marked);
    }
}
