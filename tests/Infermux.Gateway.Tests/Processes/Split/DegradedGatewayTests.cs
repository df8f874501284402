using System.Net;
using System.Text;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes.Split;

/// <summary>All silos die: gateways go on by themselves for whoever spends no limited money, and give way when a silo is back.</summary>
[Collection(Timed.Name)]
public sealed class DegradedGatewayTests(ITestOutputHelper output)
{
    private const string More = """
        budgets:
          callers: [{caller: alice, limit_usd: 5, action: hard_stop}]
        """;

    [Fact]
    public async Task AllSilosKilled_UnbudgetedAreServedHardBudgetsDeniedAndAllIsBilledOnceASiloIsBack()
    {
        await using var cluster = await SplitCluster.StartAsync();
        var folders = new[] { cluster.Folder(More), cluster.Folder(More) };
        ClusterProcess[] silos = [.. folders.Select(folder => cluster.Silo(folder))];
        ClusterProcess[] gateways = [cluster.Gateway(cluster.Folder(More)), cluster.Gateway(cluster.Folder(More))];
        foreach (var process in silos.Concat(gateways))
        {
            await process.ReadyAsync();
        }

        foreach (var gateway in gateways)
        {
            await Eventually.HoldsAsync(
                async () => await AskAsync(gateway, "bob") == (200, false), TimeSpan.FromSeconds(30), () => $"a silo chooses\n{gateway.Output}");
        }

        await Task.WhenAll(silos.Select(silo => silo.KillAsync()));
        foreach (var gateway in gateways)
        {
            var started = TimeProvider.System.GetTimestamp();
            Assert.Equal((200, true), await AskAsync(gateway, "bob")); // the first waits for a silo, as long as a selection is waited for
            var (first, then) = (TimeProvider.System.GetElapsedTime(started), TimeProvider.System.GetTimestamp());
            for (var n = 0; n < 10; n++)
            {
                Assert.Equal((200, true), await AskAsync(gateway, "bob"));
            }

            output.WriteLine($"first without a silo {first.TotalMilliseconds:0} ms, ten more {TimeProvider.System.GetElapsedTime(then).TotalMilliseconds:0} ms");
            Assert.InRange(first.TotalSeconds, 0, 5); // 3 s of asking silos, and the answer
            Assert.Equal((503, false), await AskAsync(gateway, "alice"));
            Assert.Contains("No silo answers", gateway.Output, StringComparison.Ordinal);
        }

        var back = cluster.Silo(folders[0]);
        await back.ReadyAsync();
        foreach (var gateway in gateways)
        {
            await Eventually.HoldsAsync(
                async () => await AskAsync(gateway, "bob") == (200, false), TimeSpan.FromSeconds(30), () => $"the silo chooses again\n{gateway.Output}");
        }

        var bobs = cluster.Provider.Truth.Cost;
        Assert.Equal((200, false), await AskAsync(gateways[0], "alice"));
        await Eventually.HoldsAsync(
            async () => (await gateways[1].GetJsonAsync("/_infermux/costs/caller/bob"))["total_usd"]!.GetValue<decimal>() == bobs,
            TimeSpan.FromSeconds(30),
            () => $"what was served without a silo is billed\n{gateways[0].Output}");
    }

    private static async Task<(int Status, bool Degraded)> AskAsync(ClusterProcess gateway, string caller)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent("""{"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "hello"}]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Infermux-Caller", caller);
        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await response.Content.LoadIntoBufferAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, response.Headers.TryGetValues("X-Infermux-Degraded", out _) && response.StatusCode is HttpStatusCode.OK);
    }
}
