using Infermux.Gateway.Tests.CommandLine;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes.Split;

/// <summary>A store that comes back empty: what callers with hard budgets spent is unknown, so nothing is granted to them until an operator has said so.</summary>
[Collection(Timed.Name)]
public sealed class LostStoreTests(ITestOutputHelper output)
{
    private const string Budget = """
        budgets:
          callers: [{caller: alice, limit_usd: 5, action: hard_stop}]
        """;

    [Fact]
    public async Task Store_ComesBackEmpty_HardBudgetsAreRefusedUntilAdopted()
    {
        await using var cluster = await SplitCluster.StartAsync();
        var (silo, gateway) = (cluster.Silo(cluster.Folder(Budget)), cluster.Gateway(cluster.Folder(Budget)));
        await silo.ReadyAsync();
        await gateway.ReadyAsync();
        Assert.Equal(200, (await gateway.ChatAsync()).Status);
        Assert.Equal(200, (await gateway.ChatAsync()).Status);

        await cluster.Redis.RestartEmptyAsync();
        var returned = TimeProvider.System.GetTimestamp();
        await RefusedAsync(gateway, silo);
        output.WriteLine($"refused with the mend {TimeProvider.System.GetElapsedTime(returned).TotalSeconds:F2} s after the store was back");

        // Whoever starts anew remembers nothing, and makes a new ledger; the gateway remembers.
        await silo.KillAsync();
        var folder = cluster.Folder(Budget);
        var next = cluster.Silo(folder);
        await next.ReadyAsync();
        await RefusedAsync(gateway, next);
        var other = cluster.Gateway(cluster.Folder(Budget)); // nor does this one
        await other.ReadyAsync();
        await RefusedAsync(other, next);
        Assert.Equal(2, cluster.Provider.Truth.Requests);

        var file = Path.Combine(folder.Path, "infermux.yml");
        Assert.Equal(1, (await Cli.RunAsync("state", "epoch", "--config", file)).Code);
        Assert.Equal(1, (await Cli.RunAsync("state", "adopt", "--config", file)).Code);
        Assert.Equal(0, (await Cli.RunAsync("state", "adopt", "--yes", "--config", file)).Code);
        Assert.Equal(0, (await Cli.RunAsync("state", "epoch", "--config", file)).Code);
        await Eventually.HoldsAsync(async () => (await gateway.ChatAsync()).Status == 200, TimeSpan.FromSeconds(10), () => $"served again\n{next.Output}\n{gateway.Output}");
        Assert.Equal(200, (await other.ChatAsync()).Status);
    }

    [Fact]
    public async Task Store_Frozen_HardBudgetsAreRefusedWithin300MsAndOthersServed()
    {
        await using var cluster = await SplitCluster.StartAsync();
        var (silo, gateway) = (cluster.Silo(cluster.Folder(Budget)), cluster.Gateway(cluster.Folder(Budget)));
        await silo.ReadyAsync();
        await gateway.ReadyAsync();
        Assert.Equal(200, (await gateway.ChatAsync()).Status);
        var served = cluster.Provider.Truth.Requests;

        await cluster.Redis.Process.FreezeAsync();
        var waited = new List<double>();
        for (var i = 0; i < 40; i++)
        {
            var asked = TimeProvider.System.GetTimestamp();
            var (status, body) = await gateway.ChatAsync();
            waited.Add(TimeProvider.System.GetElapsedTime(asked).TotalMilliseconds);
            Assert.True(status == 503, $"{status} {body}");
        }

        Assert.Equal(served, cluster.Provider.Truth.Requests);
        Assert.Equal(200, (await gateway.ChatAsync(caller: "bob")).Status);
        await cluster.Redis.Process.ThawAsync();
        await Eventually.HoldsAsync(async () => (await gateway.ChatAsync()).Status == 200, TimeSpan.FromSeconds(10), () => $"served again\n{silo.Output}");

        var known = waited.Skip(3).Order().ToList(); // three answers of the account teach it
        output.WriteLine($"first three {string.Join(", ", waited.Take(3).Select(ms => $"{ms:F0}"))} ms, then p50 {known[known.Count / 2]:F0} ms, most {known[^1]:F0} ms");
        Assert.True(known[known.Count / 2] < 300, $"{known[known.Count / 2]} ms");
    }

    /// <summary>Asks until the refusal says how to mend it; nothing is served meanwhile, nor for ten requests after.</summary>
    private static async Task RefusedAsync(ClusterProcess gateway, ClusterProcess silo)
    {
        await Eventually.HoldsAsync(
            async () => await RefusalAsync() is var body && body.Contains("state adopt", StringComparison.Ordinal),
            TimeSpan.FromSeconds(20),
            () => $"refused with its mend\n{silo.Output}\n{gateway.Output}");
        for (var i = 0; i < 10; i++)
        {
            Assert.Contains("state adopt", await RefusalAsync(), StringComparison.Ordinal);
        }

        async Task<string> RefusalAsync()
        {
            var (status, body) = await gateway.ChatAsync();
            Assert.True(status == 503, $"{status} {body}\n{silo.Output}\n{gateway.Output}");
            return body;
        }
    }
}
