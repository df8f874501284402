using Infermux.Core.Configuration;
using Infermux.Core.Pricing;
using Infermux.Gateway.Tests.Support;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Metered;

public sealed class MeteredMoneyTests
{
    private const string Caller = "X-Infermux-Caller=alice";

    [Theory] // each just over a limit of one cent, and just under it
    [InlineData("/v1/images/generations", """{"model":"m","prompt":"x","n":2}""", """{"model":"m","prompt":"x","n":1}""")] // 6 mUSD an image
    [InlineData("/v1/audio/speech", """{"model":"m","voice":"v","input":"123456"}""", """{"model":"m","voice":"v","input":"12345"}""")] // 2 mUSD a character
    public async Task HardStop_IsJudgedByWhatIsAskedForBeforeAnythingGoesOut(string path, string tooMuch, string fits)
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await BudgetedAsync(provider, new PriceOverride { PerImage = 0.006m, CharactersPerMillion = 2_000m });

        var refused = await gateway.PostAsync(path, tooMuch, Caller);
        Assert.Equal((429, "budget_exceeded", 0), (refused.Status, refused.Header("X-Infermux-Error"), provider.Truth.Requests));
        Assert.Equal(0.012m, refused.Json["error"]!["requested_usd"]!.GetValue<decimal>());
        Assert.Equal(200, (await gateway.PostAsync(path, fits, Caller)).Status);
        Assert.Equal(429, (await gateway.PostAsync(path, fits, Caller)).Status);
    }

    [Fact]
    public async Task HardStop_OnARecording_IsJudgedByTheLongestThatItsBytesCanBe()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await BudgetedAsync(provider, new PriceOverride { PerSecond = 0.0001m });
        var longest = MeteredSetup.Form("b", MeteredSetup.File(41_000), "file", ("model", "m")); // 60 + 41 s
        var fits = MeteredSetup.Form("b", MeteredSetup.File(40_000), "file", ("model", "m"));

        Assert.Equal(429, (await gateway.PostFormAsync("/v1/audio/transcriptions", "b", longest, Caller)).Status);
        Assert.Equal(200, (await gateway.PostFormAsync("/v1/audio/transcriptions", "b", fits, Caller)).Status);
    }

    [Fact]
    public async Task HardStop_UnderParallelImages_GrantsNothingOverTheLimit()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await BudgetedAsync(provider, new PriceOverride { PerImage = 0.003m });

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => gateway.PostAsync("/v1/images/generations", """{"model":"m","prompt":"x"}""", Caller)));

        Assert.Equal((3, 47), (answers.Count(a => a.Status == 200), answers.Count(a => a.Status == 429)));
        AccountView? account = null;
        await TestGateway.UntilAsync(
            async () => (account = await gateway.Grains.GetGrain<ICallerBudgetGrain>("alice").GetAsync()).OpenHolds == 0, "no hold is open");
        Assert.Equal((0.009m, 0m, 0m), (account!.Settled, account.Reserved, account.Excess));
    }

    [Fact]
    public async Task Operation_ThatNoCandidateServes_IsRefusedWithTheTypesThatDo()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var claude = Setup.Anthropic(provider, "claude", ("m", "claude-x"));
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, claude));

        var answer = await gateway.PostAsync("/v1/images/generations", """{"model":"m","prompt":"x"}""");

        Assert.Equal((400, "unsupported", 0), (answer.Status, answer.Header("X-Infermux-Error"), provider.Truth.Requests));
        var message = answer.Json["error"]!["message"]!.GetValue<string>();
        Assert.Contains("claude (type anthropic), where /v1/images/generations does not exist", message, StringComparison.Ordinal);
        Assert.Contains("openai, azure_openai, gemini", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Candidate_WithoutTheOperation_IsPassedOver()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(
            RoutingStrategy.Priority, Setup.Anthropic(provider, "claude", ("m", "claude-x")), Setup.OpenAi(provider, "primary")));
        var answer = await gateway.PostAsync("/v1/images/generations", """{"model":"m","prompt":"x"}""");
        Assert.Equal((200, "primary", "1"), (answer.Status, answer.Header("X-Infermux-Provider"), answer.Header("X-Infermux-Attempts")));
    }

    private static Task<TestGateway> BudgetedAsync(ScriptedProvider provider, PriceOverride price) => TestGateway.StartAsync(
        Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced("m", price)
            .Budgeted(new BudgetOptions { Caller = "alice", LimitUsd = 0.01m, Action = BudgetAction.HardStop }));
}
