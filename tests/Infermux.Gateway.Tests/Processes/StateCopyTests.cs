using Infermux.Gateway.Tests.CommandLine;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes;

/// <summary>State that moves between real stores: whoever starts on the other one finds the same accounts, ledger and circuits.</summary>
public sealed class StateCopyTests
{
    private const string Budgets = """
        budgets:
          callers:
            - {caller: alice, limit_usd: 5, action: hard_stop}
            - {caller: bob, limit_usd: 0.003, action: hard_stop}
            - {caller: carol, limit_usd: 1, action: hard_stop}
        """;

    private static readonly string[] Callers = ["alice", "bob", "carol"];

    [Fact]
    public async Task State_EmbeddedToRedisAndBack_AccountsLedgerAndCircuitsGoOn()
    {
        await using var provider = await ScriptedProvider.StartAsync(new() { DefaultPrice = GatewayFolder.Price }, TestContext.Current.CancellationToken);
        await using var redis = await RedisProcess.StartAsync();
        using var embedded = GatewayFolder.For(provider, "store: embedded", ["gpt-4o-mini"], Budgets);
        using var shared = GatewayFolder.For(provider, Shared(redis), ["gpt-4o-mini"], Budgets);
        using var second = GatewayFolder.For(provider, "store: embedded", ["gpt-4o-mini"], Budgets);
        var (there, back) = (Path.Combine(embedded.Path, "there.state"), Path.Combine(embedded.Path, "back.state"));

        string[] left;
        await using (var gateway = await GatewayProcess.StartAsync(embedded))
        {
            await SpendAsync(gateway, provider);
            await CircuitAsync(gateway, "open?hold=true");
            left = await ShownAsync(gateway);
            var refused = await RunAsync("export", there, embedded);
            Assert.Equal(2, refused.Code);
            Assert.Contains("A process runs on cluster.data_dir", refused.Error, StringComparison.Ordinal);
            Assert.False(File.Exists(there));
            await StopAsync(gateway);
        }

        await CopyAsync(there, embedded, shared);
        var repeated = await RunAsync("import", there, shared);
        Assert.Equal(1, repeated.Code);
        Assert.Contains("already holds state", repeated.Error, StringComparison.Ordinal);

        await using (var gateway = await GatewayProcess.StartAsync(shared))
        {
            await GoesOnAsync(gateway, provider, left);
            left = await ShownAsync(gateway);
            Assert.Equal(1, (await RunAsync("export", back, shared)).Code); // a silo runs
            await StopAsync(gateway);
        }

        await CopyAsync(back, shared, second);
        await using (var gateway = await GatewayProcess.StartAsync(second))
        {
            Assert.Equal(left, await ShownAsync(gateway));
            await SpendAsync(gateway, provider);
        }
    }

    /// <summary>The same figures, a held circuit, spent money still refused; then the hold is taken back and more is spent, exactly.</summary>
    private static async Task GoesOnAsync(GatewayProcess gateway, ScriptedProvider provider, string[] left)
    {
        Assert.Equal(left, await ShownAsync(gateway));
        Assert.Contains("held true", left);
        await CircuitAsync(gateway, "reset");
        Assert.Equal(429, await ChatAsync(gateway, "bob"));
        await SpendAsync(gateway, provider);
    }

    private static async Task CopyAsync(string file, GatewayFolder from, GatewayFolder to)
    {
        var exported = await RunAsync("export", file, from);
        Assert.True(exported.Code == 0, exported.Error);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        var imported = await RunAsync("import", file, to);
        Assert.True(imported.Code == 0, imported.Error);
        Assert.Equal(0, (await Cli.RunAsync("state", "epoch", "--config", Path.Combine(to.Path, "infermux.yml"))).Code); // nothing to adopt
    }

    private static Task<Cli> RunAsync(string verb, string file, GatewayFolder folder) =>
        Cli.RunAsync("state", verb, file, "--config", Path.Combine(folder.Path, "infermux.yml"));

    /// <summary>Spends as alice and carol, and as bob until it is refused; waits until accounts and ledger have the provider's bill.</summary>
    private static async Task SpendAsync(GatewayProcess gateway, ScriptedProvider provider)
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(200, await ChatAsync(gateway, "alice"));
            Assert.Equal(200, await ChatAsync(gateway, "carol"));
        }

        await SpendAllAsync(gateway, "bob");

        await Eventually.HoldsAsync(
            async () =>
            {
                var (settled, booked) = (0m, 0m);
                foreach (var caller in Callers)
                {
                    var account = await gateway.AccountAsync(caller);
                    settled += account["open_holds"]!.GetValue<int>() == 0 ? account["settled"]!.GetValue<decimal>() : decimal.MinValue / 10;
                    booked += await gateway.LedgerAsync(caller);
                }

                return settled == provider.Truth.Cost && booked == provider.Truth.Cost;
            },
            TimeSpan.FromSeconds(20),
            () => $"accounts and ledger have the provider's bill of {provider.Truth.Cost} USD\n{gateway.Output}");
    }

    /// <summary>Until the budget refuses while nothing is held: what was spent alone refuses then.</summary>
    private static async Task SpendAllAsync(GatewayProcess gateway, string caller)
    {
        for (var i = 0; ; i++)
        {
            Assert.True(i < 30, $"{caller}'s budget is spent within thirty requests");
            await Eventually.HoldsAsync(
                async () => (await gateway.AccountAsync(caller))["open_holds"]!.GetValue<int>() == 0, TimeSpan.FromSeconds(20), () => $"settled\n{gateway.Output}");
            if (await ChatAsync(gateway, caller) == 429)
            {
                return;
            }
        }
    }

    /// <summary>Accounts, rows of the ledger, and whether the circuit is held.</summary>
    private static async Task<string[]> ShownAsync(GatewayProcess gateway)
    {
        var shown = new List<string>();
        foreach (var caller in Callers)
        {
            var account = await gateway.AccountAsync(caller);
            string[] figures = [.. ((string[])["limit_usd", "settled", "reserved", "open_holds"]).Select(name => $"{account[name]!.GetValue<decimal>():0.########}")];
            shown.Add($"{caller} {string.Join(' ', figures)}");
        }

        var rows = (await gateway.GetJsonAsync("/_infermux/costs/by-caller"))["callers"]!.AsArray();
        shown.AddRange(rows.Select(row => row!.ToJsonString()).Order(StringComparer.Ordinal));
        shown.Add($"held {(await gateway.GetJsonAsync("/_infermux/providers")).AsArray()[0]!["circuit_held"]}");
        return [.. shown];
    }

    private static async Task<int> ChatAsync(GatewayProcess gateway, string caller)
    {
        using var request = GatewayProcess.Chat("gpt-4o-mini", "hello", stream: false, caller: caller);
        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }

    private static async Task CircuitAsync(GatewayProcess gateway, string what)
    {
        using var done = await gateway.Client.PostAsync(
            new Uri($"/_infermux/providers/primary/circuit/{what}", UriKind.Relative), null, TestContext.Current.CancellationToken);
        Assert.True(done.IsSuccessStatusCode, gateway.Output);
    }

    private static async Task StopAsync(GatewayProcess gateway)
    {
        await gateway.TerminateAsync();
        Assert.Equal(0, await gateway.EndedAsync());
    }

    private static string Shared(RedisProcess redis) => $"""
        store: redis
          redis: 127.0.0.1:{redis.Port}
          silo_port: {FreePort.Next()}
          gateway_port: {FreePort.Next()}
          advertised_ip: 127.0.0.1
        """;
}
