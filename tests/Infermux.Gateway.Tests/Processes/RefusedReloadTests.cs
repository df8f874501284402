using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes;

/// <summary>A bad file written under a serving process.</summary>
public sealed class RefusedReloadTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task File_BrokenWhileServing_IsRefusedWithLineAndMendAndTheLastGoodOneServesOn()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var folder = GatewayFolder.For(provider, "store: memory", ["gpt-4o-mini"]);
        var file = Path.Combine(folder.Path, "infermux.yml");
        var good = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        var bad = good.Replace("type: openai", "type: opnai", StringComparison.Ordinal);
        var line = bad.Split('\n').ToList().FindIndex(text => text.Contains("opnai", StringComparison.Ordinal)) + 1;
        await using var gateway = await GatewayProcess.StartAsync(folder);
        var hash = await HashAsync(gateway);

        await File.WriteAllTextAsync(file, bad, TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(async () => (await ProblemsAsync(gateway)).Length > 0, Limit, () => "the status tells of the bad file");

        var problem = Assert.Single(await ProblemsAsync(gateway));
        Assert.Contains($"infermux.yml:{line}:", problem, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'openai'?", problem, StringComparison.Ordinal);
        await Eventually.HoldsAsync(() => Task.FromResult(gateway.Output.Contains(problem, StringComparison.Ordinal)), Limit, () => $"the log tells of it too\n{gateway.Output}");
        Assert.Equal(hash, await HashAsync(gateway));
        var answer = await gateway.ChatAsync("gpt-4o-mini", "hello");
        Assert.Equal((200, "primary"), (answer.Status, answer.Header("X-Infermux-Provider")));

        await File.WriteAllTextAsync(file, good.Replace("timeout: 30s", "timeout: 29s", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(async () => await HashAsync(gateway) != hash && await ProblemsAsync(gateway) is [], Limit, () => "the mended file is in force");
    }

    private static async Task<string> HashAsync(GatewayProcess gateway) =>
        (await gateway.GetJsonAsync("/_infermux/status"))["configuration_hash"]!.GetValue<string>();

    private static async Task<string[]> ProblemsAsync(GatewayProcess gateway) =>
        [.. (await gateway.GetJsonAsync("/_infermux/status"))["configuration_problems"]?.AsArray().Select(problem => problem!.GetValue<string>()) ?? []];
}
