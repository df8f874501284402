using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes;

[Collection(RealProcesses.Name)]
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
}
