using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes;

public sealed class DrainTests
{
    [Fact]
    public async Task Sigterm_WhileAStreamRuns_LetsItFinishSettlesItAndExitsWith0()
    {
        await using var provider = await ScriptedProvider.StartAsync(new() { DefaultPrice = GatewayFolder.Price }, TestContext.Current.CancellationToken);
        provider.Behaviour = Behaviour.PacedStream(15, TimeSpan.FromMilliseconds(100));
        using var folder = GatewayFolder.For(provider, "store: embedded", ["gpt-4o-mini"], """
            budgets:
              callers: [{caller: alice, limit_usd: 5, action: hard_stop}]
            """);
        string body;
        await using (var gateway = await GatewayProcess.StartAsync(folder))
        {
            using var request = GatewayProcess.Chat("gpt-4o-mini", "hello", stream: true);
            using var response = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            await provider.WaitForAsync(truth => truth.InFlight == 1, TestContext.Current.CancellationToken);
            await gateway.TerminateAsync();
            Assert.Equal(1, provider.Truth.InFlight); // the signal came in the middle
            body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, await gateway.EndedAsync());
        }

        Assert.EndsWith("data: [DONE]\n\n", body, StringComparison.Ordinal);
        Assert.Equal(1, provider.Truth.Answered);
        await using var successor = await GatewayProcess.StartAsync(folder);
        var account = await successor.AccountAsync();
        Assert.Equal(provider.Truth.Cost, account["settled"]!.GetValue<decimal>());
        Assert.Equal(0, account["open_holds"]!.GetValue<int>());
        Assert.Equal(0m, account["unsettled"]!.GetValue<decimal>());
        await Eventually.HoldsAsync(
            async () => await successor.LedgerAsync() == provider.Truth.Cost, TimeSpan.FromSeconds(20), () => "the ledger has the stream's cost");
    }
}
