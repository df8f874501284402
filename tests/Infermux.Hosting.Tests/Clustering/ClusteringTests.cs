using System.Net;
using System.Net.NetworkInformation;
using System.Text;
using Infermux.Core.Configuration;
using Infermux.EmbeddedStore;
using Infermux.Hosting.Clustering;
using Infermux.Hosting.Tests.Ledger;
using StackExchange.Redis;

namespace Infermux.Hosting.Tests.Clustering;

/// <summary>A silo on each store: what a grain wrote is there for the next process, under names that no refactoring changes.</summary>
public sealed class ClusteringTests(ITestOutputHelper output)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silo_OnTheEmbeddedStore_ReadsBackWhatTheLastOneWrote()
    {
        var directory = Directory.CreateTempSubdirectory("infermux-silo-");
        try
        {
            var cluster = new ClusterOptions { Store = StoreKind.Embedded, DataDir = directory.FullName };
            for (var run = 0; run < 2; run++)
            {
                var started = TimeProvider.System.GetTimestamp();
                await using var store = await EmbeddedStoreServer.StartAsync(new EmbeddedStoreOptions { DataDir = cluster.DataDir }, Stop);
                var stored = TimeProvider.System.GetElapsedTime(started);
                await using var silo = await TestSilo.StartAsync(ClusterSettings.From(cluster, store.ConnectionString));
                Assert.Equal(run == 0 ? "" : "written", await silo.Note("n").ReadAsync());
                output.WriteLine($"run {run}: store {stored.TotalSeconds:F2} s, silo {silo.StartTime.TotalSeconds:F2} s, " +
                    $"first answer after {TimeProvider.System.GetElapsedTime(started).TotalSeconds:F2} s");
                await silo.Note("n").WriteAsync("written");
                await AssertStoredWithoutClrNamesAsync(store.ConnectionString);
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Silo_OnRedis_ReadsBackWhatTheLastOneWrote()
    {
        await using var redis = await RedisServer.StartAsync();
        for (var run = 0; run < 2; run++)
        {
            var cluster = TestSilo.OnRedis(redis.Connection.Configuration);
            await using var silo = await TestSilo.StartAsync(ClusterSettings.From(cluster, embeddedStore: null));
            Assert.Equal(run == 0 ? "" : "written", await silo.Note("n").ReadAsync());
            await silo.Note("n").WriteAsync("written");
            Assert.Contains(cluster.SiloPort!.Value, ListeningPorts());
            Assert.Contains(cluster.GatewayPort!.Value, ListeningPorts());
            await AssertStoredWithoutClrNamesAsync(redis.Connection.Configuration);
        }
    }

    [Fact]
    public async Task Silo_InMemory_AnswersAndListensOnLoopbackAlone()
    {
        var cluster = new ClusterOptions { Store = StoreKind.Memory, SiloPort = FreePort.OnLoopback() };
        await using var silo = await TestSilo.StartAsync(ClusterSettings.From(cluster, embeddedStore: null));
        await silo.Note("n").WriteAsync("written");
        Assert.Equal("written", await silo.Note("n").ReadAsync());
        Assert.Contains(new IPEndPoint(IPAddress.Loopback, cluster.SiloPort.Value), IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners());
    }

    /// <summary>Reads what lies in the store, byte by byte: a type, assembly or property name there would lose the record with its next rename.</summary>
    private static async Task AssertStoredWithoutClrNamesAsync(string connection)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(connection);
        var keys = await redis.GetServers().Single().KeysAsync(pattern: "*note*").ToListAsync(Stop);
        var key = Assert.Single(keys);
        Assert.Contains("infermux.test-note", key.ToString(), StringComparison.Ordinal);
        var text = string.Join('\n', (await redis.GetDatabase().HashGetAllAsync(key)).Select(field => Encoding.Latin1.GetString((byte[])field.Value!)));
        Assert.Contains("written", text, StringComparison.Ordinal);
        Assert.All([nameof(NoteState), nameof(NoteGrain), nameof(NoteState.Text), "Infermux.Hosting", "System."],
            name => Assert.DoesNotContain(name, $"{key} {text}", StringComparison.Ordinal));
    }

    private static int[] ListeningPorts() => [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(endpoint => endpoint.Port)];
}
