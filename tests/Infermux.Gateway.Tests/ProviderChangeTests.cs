using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Money;
using Infermux.Gateway.Tests.Support;
using Infermux.Hosting.Configuration;
using Infermux.Testing;

namespace Infermux.Gateway.Tests;

/// <summary>What changes under a running gateway: its file, and the health of its providers.</summary>
public sealed class ProviderChangeTests
{
    [Fact]
    public async Task File_ChangedWhileServing_RoutesToTheNewProviderWithoutARestart()
    {
        await using var before = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var after = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "infermux.yml");
        await WriteAsync(file, "before", before);
        var loaded = ConfigurationLoader.OfThisProcess.Load(new() { Path = file, Flags = [new("listen", "127.0.0.1:0", "--listen")] }).Loaded!;
        await using var gateway = await TestGateway.StartAsync(loaded);
        Assert.Equal("before", (await gateway.ChatAsync()).Header("X-Infermux-Provider"));
        var hash = (await gateway.GetJsonAsync("/_infermux/status"))["configuration_hash"]!.GetValue<string>();

        await WriteAsync(file, "after", after);
        await TestGateway.UntilAsync(
            async () => (await gateway.GetJsonAsync("/_infermux/status"))["configuration_hash"]!.GetValue<string>() != hash, "the new file is in force");

        Assert.Equal("after", (await gateway.ChatAsync()).Header("X-Infermux-Provider"));
        Assert.Equal((1, 1), (before.Truth.Requests, after.Truth.Requests));
    }

    [Fact]
    public async Task HealthCheck_FailsAndPassesAgain_TakesTheProviderOutAndBack()
    {
        await using var primary = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        primary.ListingBehaviour = Behaviour.Fails(500);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(
            RoutingStrategy.Priority,
            Setup.OpenAi(primary, "primary") with { HealthCheck = new HealthCheckOptions { Interval = TimeSpan.FromMilliseconds(300) } },
            Setup.OpenAi(second, "second")));

        await UntilHealthyAsync(gateway, false);
        var answer = await gateway.ChatAsync();
        Assert.Equal(("second", "1"), (answer.Header("X-Infermux-Provider"), answer.Header("X-Infermux-Attempts")));
        Assert.Equal(0, primary.Truth.Requests);

        primary.ListingBehaviour = Behaviour.Calm;
        await UntilHealthyAsync(gateway, true);
        await TestGateway.UntilAsync(async () => (await gateway.ChatAsync()).Header("X-Infermux-Provider") == "primary", "it gets traffic again");
    }

    private static Task UntilHealthyAsync(TestGateway gateway, bool healthy) => TestGateway.UntilAsync(
        async () => (await gateway.GetJsonAsync("/_infermux/providers")).AsArray()[0]!["healthy"]!.GetValue<bool>() == healthy, $"healthy is {healthy}");

    private static Task WriteAsync(string file, string name, ScriptedProvider provider) => File.WriteAllTextAsync(
        file,
        $$"""
        cluster: {store: memory}
        log: {level: warn}
        providers:
          - name: {{name}}
            type: openai
            api_key: k
            base_url: "{{provider.OpenAiBaseUrl}}"
            health_check: {disabled: true}
        """,
        TestContext.Current.CancellationToken);
}
