using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes.Split;

/// <summary><c>on_unavailable: capped</c> while the store is frozen: a hundredth of the limit is served, and all of it is billed afterwards.</summary>
public sealed class CappedTests(ITestOutputHelper output)
{
    private const decimal Limit = 0.5m;

    private const string Budget = """
        budgets:
          callers: [{caller: alice, limit_usd: 0.5, action: hard_stop, on_unavailable: capped}]
        """;

    [Fact]
    public async Task StoreFrozen_GatewayServesItsCapThenRefusesAlsoAfterItsRestartAndAllIsBilled()
    {
        await using var cluster = await SplitCluster.StartAsync();
        var (silo, folder) = (cluster.Silo(cluster.Folder(Budget)), cluster.Folder(Budget));
        var gateway = cluster.Gateway(folder);
        await silo.ReadyAsync();
        await gateway.ReadyAsync();
        Assert.Equal(200, (await gateway.ChatAsync()).Status);
        var (reserved, each) = (cluster.Provider.Truth.Cost, cluster.Provider.Truth.Cost);

        await cluster.Redis.Process.FreezeAsync();
        var served = await ServedAsync(gateway);
        var uncovered = cluster.Provider.Truth.Cost - reserved;
        output.WriteLine($"{served} requests of {each} USD were served for {uncovered} of {Limit / 100} USD");
        Assert.InRange(uncovered, each, Limit / 100);
        await cluster.Redis.Process.ThawAsync();
        await BooksAsync(cluster, gateway);

        await gateway.KillAsync();
        gateway = cluster.Gateway(folder);
        await gateway.ReadyAsync();
        Assert.Equal(200, (await gateway.ChatAsync()).Status);
        reserved = cluster.Provider.Truth.Cost;
        await cluster.Redis.Process.FreezeAsync();
        var again = await ServedAsync(gateway);
        output.WriteLine($"after its restart {again} more");
        Assert.InRange(uncovered + cluster.Provider.Truth.Cost - reserved, 0m, Limit / 100);
        await cluster.Redis.Process.ThawAsync();
        await BooksAsync(cluster, gateway);
    }

    /// <summary>How many requests are served before the first of three in a row that are refused as <c>deny</c> refuses them.</summary>
    private static async Task<int> ServedAsync(ClusterProcess gateway)
    {
        for (var (served, refused) = (0, 0); ;)
        {
            var (status, body) = await gateway.ChatAsync();
            Assert.True(status is 200 or 503, $"{status} {body}\n{gateway.Output}");
            (served, refused) = status == 200 ? (served + 1, 0) : (served, refused + 1);
            Assert.True(status == 200 || body.Contains("budget_unavailable", StringComparison.Ordinal), body);
            Assert.True(served < 100, "the cap ends");
            if (refused == 3)
            {
                return served;
            }
        }
    }

    private static Task BooksAsync(SplitCluster cluster, ClusterProcess gateway) => Eventually.HoldsAsync(
        async () =>
        {
            if (await gateway.StatusAsync("/_infermux/budgets/alice") != 200)
            {
                return false; // the store has just come back
            }

            var account = await gateway.GetJsonAsync("/_infermux/budgets/alice");
            var ledger = (await gateway.GetJsonAsync("/_infermux/costs/caller/alice"))["total_usd"]!.GetValue<decimal>();
            return account["open_holds"]!.GetValue<int>() == 0 && account["settled"]!.GetValue<decimal>() == cluster.Provider.Truth.Cost
                && ledger == cluster.Provider.Truth.Cost;
        },
        TimeSpan.FromSeconds(40),
        () => $"account and ledger have the bill of {cluster.Provider.Truth.Cost}\n{gateway.Output}");
}
