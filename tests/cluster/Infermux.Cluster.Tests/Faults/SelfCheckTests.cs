using System.Globalization;
using Infermux.Cluster.Topology;
using Infermux.Testing;
using StackExchange.Redis;

namespace Infermux.Cluster.Tests.Faults;

/// <summary>Processes that find out by themselves that they must not go on (F11, F25), and ends that are told twice.</summary>
[Collection(OneAtATime.Name)]
public sealed class SelfCheckTests : FaultTests
{
    [Fact]
    public async Task F11_MembershipTableDeletedWhileRunning_EndsEverySiloNonZeroWithin10SecondsAndSaysWhy()
    {
        var cluster = await StartAsync(new ClusterPlan { Nodes = [NodeKind.AllInOne, NodeKind.AllInOne], More = Budgets });
        using (var callers = new Load.Callers(cluster.Address, TimeProvider.System))
        {
            using var first = new CancellationTokenSource();
            await new Load.Stampede(callers, Log, TimeProvider.System).RunAsync(
                Enumerable.Range(0, 50).Select(n => new Load.Call($"c-{n % 5}", "gpt-4o-mini", Stream: false, Words: 5, MaxTokens: 20)), 10, first.Token);
        }

        var deleted = TimeProvider.System.GetTimestamp();
        Assert.True(await DeleteMembersAsync(cluster.Redis), "the table was there");
        foreach (var node in cluster.Nodes)
        {
            Assert.Equal(1, await node.Process.EndedAsync(TimeSpan.FromSeconds(20)));
            var took = TimeProvider.System.GetElapsedTime(deleted);
            Say($"{node.Name} ended after {took.TotalSeconds:F1} s");
            Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(10));
            Assert.Contains("is gone from the membership table", node.Process.Output, StringComparison.Ordinal);
        }

        await Task.WhenAll(cluster.Nodes.Select(node => node.StartAsync())); // a supervisor would
        Assert.All(await Task.WhenAll(cluster.Nodes.Select(node => node.StatusAsync("/readyz"))), status => Assert.Equal(200, status));
        NobodyFailed();
        await AuditAsync(cluster);
    }

    [Fact]
    public async Task F25_StoreWithoutPersistence_IsRefusedAtStartWithTheMend()
    {
        await using var redis = await RedisProcess.StartAsync(["--save", ""]);
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var folder = Folder(provider, redis);

        var (code, error) = await GatewayProcess.RefusedAsync(folder.Path, "serve");

        Assert.Equal(1, code);
        Assert.Contains("keeps nothing on disk", error, StringComparison.Ordinal);
        Assert.Contains("appendfsync always", error, StringComparison.Ordinal);
        var validated = await GatewayProcess.RefusedAsync(folder.Path, "validate");
        Assert.Equal(3, validated.Code);
        Assert.Contains("keeps nothing on disk", validated.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await GatewayProcess.RefusedAsync(folder.Path, "validate", "--offline")).Code);
    }

    [Fact]
    public async Task F25_StoreThatAcknowledgesTooEarly_IsServedFromAndSaidByReadyz()
    {
        await using var redis = await RedisProcess.StartAsync(["--appendonly", "yes"]);
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var folder = Folder(provider, redis);
        await using var gateway = await GatewayProcess.StartAsync(folder);

        var checks = (await gateway.GetJsonAsync("/readyz?verbose"))["self_checks"]!;

        Assert.Contains("appendfsync everysec", checks["problems"]![0]!["problem"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("appendfsync always", checks["problems"]![0]!["mend"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("appendfsync everysec", gateway.Output, StringComparison.Ordinal);
        await gateway.TerminateAsync();
        Assert.Equal(0, await gateway.EndedAsync());
    }

    [Fact]
    public async Task SecondSigterm_WhileAStreamRunsOut_EndsItWithAnErrorEventAndTheProcessWithin5Seconds()
    {
        await using var provider = await ScriptedProvider.StartAsync(new() { DefaultPrice = GatewayFolder.Price }, TestContext.Current.CancellationToken);
        provider.Behaviour = Behaviour.PacedStream(600, TimeSpan.FromMilliseconds(100));
        using var folder = GatewayFolder.For(provider, "store: embedded", ["gpt-4o-mini"], Budgets + "\nshutdown: {drain: 60s}\n");
        await using var gateway = await GatewayProcess.StartAsync(folder);
        using var request = GatewayProcess.Chat("gpt-4o-mini", "hello", stream: true, cap: 1000);
        using var response = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await provider.WaitForAsync(truth => truth.InFlight == 1, TestContext.Current.CancellationToken);
        var body = response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        await gateway.TerminateAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(gateway.Output.Contains("draining", StringComparison.Ordinal)), TimeSpan.FromSeconds(5), () => gateway.Output);
        Assert.Equal(1, provider.Truth.InFlight);
        var again = TimeProvider.System.GetTimestamp();
        await gateway.TerminateAsync();

        Assert.Equal(0, await gateway.EndedAsync());
        Assert.InRange(TimeProvider.System.GetElapsedTime(again), TimeSpan.Zero, TimeSpan.FromSeconds(7));
        Assert.Contains("(shutdown.drain) is over", await body, StringComparison.Ordinal);
    }

    private static GatewayFolder Folder(ScriptedProvider provider, RedisProcess redis) => GatewayFolder.For(
        provider,
        string.Create(CultureInfo.InvariantCulture, $$"""
            store: redis
              redis: 127.0.0.1:{{redis.Port}}
              silo_port: {{FreePort.Next()}}
              gateway_port: {{FreePort.Next()}}
              advertised_ip: 127.0.0.1
            """),
        ["gpt-4o-mini"]);

    private static async Task<bool> DeleteMembersAsync(RedisProcess redis)
    {
        await using var store = await ConnectionMultiplexer.ConnectAsync(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{redis.Port},allowAdmin=true"));
        var keys = await store.GetServers()[0].KeysAsync(pattern: "*members*").ToArrayAsync(TestContext.Current.CancellationToken);
        return keys.Length == 1 && await store.GetDatabase().KeyDeleteAsync(keys[0]);
    }
}
