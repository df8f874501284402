using System.Globalization;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes;

public sealed class StoreTests
{
    private const string Budget = """
        budgets:
          callers: [{caller: alice, limit_usd: 5, action: hard_stop}]
        """;

    [Fact]
    public async Task EmbeddedStore_AfterKill9_KeepsAccountAndLedger()
    {
        await using var provider = await ScriptedProvider.StartAsync(new() { DefaultPrice = GatewayFolder.Price }, TestContext.Current.CancellationToken);
        using var folder = GatewayFolder.For(provider, "store: embedded", ["gpt-4o-mini"], Budget);
        await FiguresSurviveAsync(provider, folder);
    }

    [Fact]
    public async Task RedisStore_AfterKill9_KeepsAccountAndLedger()
    {
        await using var provider = await ScriptedProvider.StartAsync(new() { DefaultPrice = GatewayFolder.Price }, TestContext.Current.CancellationToken);
        await using var redis = await RedisProcess.StartAsync();
        using var folder = GatewayFolder.For(
            provider,
            $$"""
            store: redis
              redis: 127.0.0.1:{{redis.Port}}
              silo_port: {{FreePort.Next()}}
              gateway_port: {{FreePort.Next()}}
              advertised_ip: 127.0.0.1
            """,
            ["gpt-4o-mini"],
            Budget);
        await FiguresSurviveAsync(provider, folder);
    }

    [Fact]
    public async Task MemoryStore_AfterKill9_HasForgottenAsItsBannerSaid()
    {
        await using var provider = await ScriptedProvider.StartAsync(new() { DefaultPrice = GatewayFolder.Price }, TestContext.Current.CancellationToken);
        using var folder = GatewayFolder.For(provider, "store: memory", ["gpt-4o-mini"], Budget);
        await using (var gateway = await GatewayProcess.StartAsync(folder))
        {
            Assert.Contains("memory: budgets and costs are lost when this process ends", gateway.Output, StringComparison.Ordinal);
            await SpendAsync(gateway, provider);
            await gateway.KillAsync();
        }

        await using var successor = await GatewayProcess.StartAsync(folder);
        Assert.Equal(0m, (await successor.AccountAsync())["settled"]!.GetValue<decimal>());
        Assert.Equal(0m, await successor.LedgerAsync());
        Assert.False(Directory.Exists(folder.DataDir), "memory leaves nothing behind");
    }

    /// <summary>The disk is full for each file that grows beyond a limit, which needs no rights and no disk of its own.</summary>
    [Fact]
    public async Task EmbeddedStore_OnAFullDisk_RefusesHardBudgetsSaysWhyAndLosesNothing()
    {
        await using var provider = await ScriptedProvider.StartAsync(new() { DefaultPrice = GatewayFolder.Price }, TestContext.Current.CancellationToken);
        using var folder = GatewayFolder.For(provider, "store: embedded", ["gpt-4o-mini"], Budget);
        await using (var gateway = await GatewayProcess.StartUnderFileLimitsAsync(folder))
        {
            await SpendAsync(gateway, provider);
            await FilesEndAtAsync(gateway, new FileInfo(Path.Combine(folder.DataDir, "store", "checkpoints", "AOF", "aof.log.0")).Length + (16 << 10));
            Answer answer;
            for (var i = 0; (answer = await gateway.ChatAsync("gpt-4o-mini", "hello")).Status == 200; i++)
            {
                Assert.True(i < 1000, "the disk never was full");
            }

            Assert.Equal(503, answer.Status);
            Assert.Contains("budget_unavailable", answer.Body, StringComparison.Ordinal);
            var problem = Assert.Single((await gateway.GetJsonAsync("/readyz?verbose"))["self_checks"]!["problems"]!.AsArray())!;
            Assert.StartsWith("cluster.data_dir: the embedded store could not write", problem["problem"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.Equal("Make room there and restart.", problem["mend"]!.GetValue<string>());
            await gateway.KillAsync();
        }

        await using var successor = await GatewayProcess.StartAsync(folder);
        await BooksAsync(successor, provider);
        await SpendAsync(successor, provider);
        await BooksAsync(successor, provider);
    }

    private static async Task FilesEndAtAsync(GatewayProcess gateway, long bytes)
    {
        await using var limit = ChildProcess.Start(
            "prlimit", [string.Create(CultureInfo.InvariantCulture, $"--pid={gateway.Process.Id}"), string.Create(CultureInfo.InvariantCulture, $"--fsize={bytes}:")], ".", "");
        Assert.True(await limit.EndedAsync() == 0, limit.Error);
    }

    /// <summary>Spends, kills, starts again; the successor has the figures, and goes on from them.</summary>
    private static async Task FiguresSurviveAsync(ScriptedProvider provider, GatewayFolder folder)
    {
        await using (var gateway = await GatewayProcess.StartAsync(folder))
        {
            await SpendAsync(gateway, provider);
            await gateway.KillAsync(); // the ledger is told once a second, so it may not have heard yet
        }

        await using var successor = await GatewayProcess.StartAsync(folder);
        await BooksAsync(successor, provider);
        await SpendAsync(successor, provider);
        await BooksAsync(successor, provider);
    }

    private static async Task SpendAsync(GatewayProcess gateway, ScriptedProvider provider)
    {
        for (var i = 0; i < 10; i++)
        {
            var answer = await gateway.ChatAsync("gpt-4o-mini", "hello", stream: i % 2 == 0);
            Assert.True(answer.Status == 200, answer.Body + gateway.Output);
        }

        Assert.True(provider.Truth.Cost > 0m);
    }

    private static Task BooksAsync(GatewayProcess gateway, ScriptedProvider provider) => Eventually.HoldsAsync(
        async () =>
        {
            var account = await gateway.AccountAsync();
            return account["open_holds"]!.GetValue<int>() == 0
                && account["settled"]!.GetValue<decimal>() == provider.Truth.Cost
                && await gateway.LedgerAsync() == provider.Truth.Cost;
        },
        TimeSpan.FromSeconds(20),
        () => $"account and ledger have the provider's bill of {provider.Truth.Cost} USD\n{gateway.Output}");
}
