using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes.Split;

/// <summary>Silos and gateways as processes of their own over one store: a caller, a circuit and a limit are the same through every gateway.</summary>
public sealed class SplitTopologyTests(ITestOutputHelper output)
{
    private const string Budget = """
        budgets:
          callers: [{caller: alice, limit_usd: 5, action: hard_stop}]
        """;

    [Fact]
    public async Task Gateways_OverTwoSilos_ShareAccountsCircuitsAndLimits()
    {
        await using var cluster = await SplitCluster.StartAsync();
        ClusterProcess[] silos = [cluster.Silo(cluster.Folder(Budget)), cluster.Silo(cluster.Folder(Budget))];
        ClusterProcess[] gateways = [cluster.Gateway(cluster.Folder(Budget)), cluster.Gateway(cluster.Folder(Budget))];
        foreach (var process in silos.Concat(gateways))
        {
            await process.ReadyAsync();
        }

        for (var i = 0; i < 8; i++)
        {
            var (status, body) = await gateways[i % 2].ChatAsync(stream: i % 4 < 2);
            Assert.True(status == 200, $"{body}\n{gateways[i % 2].Output}");
        }

        Assert.True(cluster.Provider.Truth.Cost > 0m);
        foreach (var gateway in gateways)
        {
            await Eventually.HoldsAsync(
                async () => (await gateway.GetJsonAsync("/_infermux/budgets/alice"))["settled"]!.GetValue<decimal>() == cluster.Provider.Truth.Cost,
                TimeSpan.FromSeconds(20),
                () => "the account has the provider's bill");
        }

        await gateways[0].SendAsync(HttpMethod.Post, "/_infermux/providers/primary/circuit/open?hold=true");
        await Eventually.HoldsAsync(async () => await CircuitAsync(gateways[1]) == "open", TimeSpan.FromSeconds(20), () => "the other gateway sees it open");
        Assert.Equal(503, (await gateways[1].ChatAsync()).Status);
        await gateways[1].SendAsync(HttpMethod.Post, "/_infermux/providers/primary/circuit/close");
        await Eventually.HoldsAsync(async () => (await gateways[0].ChatAsync()).Status == 200, TimeSpan.FromSeconds(20), () => "the first serves again");

        await gateways[1].SendAsync(HttpMethod.Put, "/_infermux/budgets/alice", """{"limit_usd": 0}""");
        Assert.Equal(429, (await gateways[0].ChatAsync()).Status);
        Assert.Equal(200, await silos[0].StatusAsync("/metrics"));
    }

    [Fact]
    public async Task Limit_SetAtAGatewayForAnUnbudgetedCaller_ActsThereAtOnce()
    {
        await using var cluster = await SplitCluster.StartAsync();
        var (silo, gateway) = (cluster.Silo(cluster.Folder()), cluster.Gateway(cluster.Folder()));
        await silo.ReadyAsync();
        await gateway.ReadyAsync();
        Assert.Equal(200, (await gateway.ChatAsync()).Status);
        await gateway.SendAsync(HttpMethod.Put, "/_infermux/budgets/alice", """{"limit_usd": 0}""");
        Assert.Equal(429, (await gateway.ChatAsync()).Status);
    }

    [Fact]
    public async Task Gateway_StartedBeforeAnySilo_SaysNotReadyAndServesOnceOneComes()
    {
        await using var cluster = await SplitCluster.StartAsync();
        var gateway = cluster.Gateway(cluster.Folder());
        await Eventually.HoldsAsync(async () => await gateway.StatusAsync("/healthz") == 200, TimeSpan.FromSeconds(30), () => $"alive\n{gateway.Output}");
        Assert.Equal(503, await gateway.StatusAsync("/readyz"));
        Assert.Equal(503, (await gateway.ChatAsync()).Status);

        var silo = cluster.Silo(cluster.Folder());
        await silo.ReadyAsync();
        output.WriteLine($"gateway ready {(await gateway.ReadyAsync(TimeSpan.FromSeconds(30))).TotalSeconds:F1} s after the silo");
        Assert.Equal(200, (await gateway.ChatAsync(stream: true)).Status);

        await gateway.SignalAsync("TERM");
        Assert.Equal(0, await gateway.EndedAsync());
        await silo.SignalAsync("TERM");
        Assert.Equal(0, await silo.EndedAsync());
    }

    [Fact]
    public async Task Gateway_ToldToStopWhileItWaitsForASilo_EndsAtOnceWithCode0()
    {
        await using var cluster = await SplitCluster.StartAsync();
        var gateway = cluster.Gateway(cluster.Folder());
        await Eventually.HoldsAsync(async () => await gateway.StatusAsync("/healthz") == 200, TimeSpan.FromSeconds(30), () => $"alive\n{gateway.Output}");
        await gateway.SignalAsync("TERM");
        Assert.Equal(0, await gateway.EndedAsync());
        Assert.DoesNotContain("Unhandled exception", gateway.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alert_OfAnAccount_IsToldOnceByTheEventsOfEveryGateway()
    {
        const string Alerts = """
            budgets:
              callers: [{caller: alice, limit_usd: 0.000001, action: alert, warn_at: 0.8}]
            """;
        await using var cluster = await SplitCluster.StartAsync();
        var silo = cluster.Silo(cluster.Folder(Alerts));
        await silo.ReadyAsync();
        ClusterProcess[] gateways = [cluster.Gateway(cluster.Folder(Alerts)), cluster.Gateway(cluster.Folder(Alerts), role: "all")];
        var followed = new List<Task<string[]>>();
        foreach (var gateway in gateways)
        {
            await gateway.ReadyAsync();
            followed.Add(await gateway.FollowAlertsAsync(count: 2));
        }

        Assert.Equal(200, (await gateways[0].ChatAsync()).Status);
        foreach (var alerts in followed)
        {
            Assert.Equal(["alice 0.8", "alice 1"], (await alerts.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).Order());
        }
    }

    private static async Task<string> CircuitAsync(ClusterProcess gateway) =>
        (await gateway.GetJsonAsync("/_infermux/providers"))[0]!["circuit"]!.GetValue<string>();
}
