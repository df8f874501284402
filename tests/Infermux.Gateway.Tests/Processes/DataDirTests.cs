using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes;

public sealed class DataDirTests
{
    [Fact]
    public async Task SecondProcess_OnTheSameDataDir_IsRefusedWithTheMendAndTheFirstServesOn()
    {
        await using var provider = await ScriptedProvider.StartAsync(new() { DefaultPrice = GatewayFolder.Price }, TestContext.Current.CancellationToken);
        using var folder = GatewayFolder.For(provider, "store: embedded", ["gpt-4o-mini"]);
        await using var first = await GatewayProcess.StartAsync(folder);

        var (code, error) = await GatewayProcess.RefusedAsync(folder.Path);

        Assert.Equal(1, code);
        Assert.Contains($"data_dir '{folder.DataDir}'", error, StringComparison.Ordinal);
        Assert.Contains("is in use by another infermux process", error, StringComparison.Ordinal);
        Assert.Contains("Give this one another cluster.data_dir", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal); // the mend, not a stack trace
        Assert.Equal(200, (await first.ChatAsync("gpt-4o-mini", "hello")).Status);
    }

    [Fact]
    public async Task SecondProcess_OverRedisOnTheSameDataDir_IsToldToTakeAnother()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var redis = await RedisProcess.StartAsync();
        using var folder = GatewayFolder.For(provider, Shared(redis, FreePort.Next(), FreePort.Next()), ["gpt-4o-mini"]);
        using var second = GatewayFolder.For(provider, Shared(redis, FreePort.Next(), FreePort.Next()), ["gpt-4o-mini"]);
        var file = Path.Combine(second.Path, "infermux.yml");
        await File.WriteAllTextAsync(
            file,
            (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace(second.DataDir, folder.DataDir, StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        await using var first = await GatewayProcess.StartAsync(folder);

        var (code, error) = await GatewayProcess.RefusedAsync(second.Path);

        Assert.Equal(1, code);
        Assert.Contains($"The settlement journal in '{folder.DataDir}", error, StringComparison.Ordinal);
        Assert.Contains("Give each process its own writable cluster.data_dir.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecondProcess_OnTheSameClusterPorts_IsToldWhichAndListenIsNotBlamed()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var redis = await RedisProcess.StartAsync();
        var (silo, gateway) = (FreePort.Next(), FreePort.Next());
        using var folder = GatewayFolder.For(provider, Shared(redis, silo, gateway), ["gpt-4o-mini"]);
        using var second = GatewayFolder.For(provider, Shared(redis, silo, gateway), ["gpt-4o-mini"]);
        await using var first = await GatewayProcess.StartAsync(folder);

        var (code, error) = await GatewayProcess.RefusedAsync(second.Path);

        Assert.NotEqual(0, code);
        Assert.Contains($"cluster.silo_port ({silo}) is in use by another process.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("listen:", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private static string Shared(RedisProcess redis, int silo, int gateway) => $"""
        store: redis
          redis: 127.0.0.1:{redis.Port}
          silo_port: {silo}
          gateway_port: {gateway}
          advertised_ip: 127.0.0.1
        """;
}
