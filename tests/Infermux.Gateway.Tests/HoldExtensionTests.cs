using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Testing;

namespace Infermux.Gateway.Tests;

/// <summary>Streams of a provider that says more than its cap allows.</summary>
public sealed class HoldExtensionTests
{
    private const string Caller = "X-Infermux-Caller=alice";

    [Fact]
    public async Task Stream_PastItsHoldWithRoomInTheBudget_HoldsMoreAndGoesOn()
    {
        await using var provider = await StartProviderAsync(words: 60);
        await using var gateway = await StartAsync(provider, new BudgetOptions { Caller = "alice", LimitUsd = 1m, Action = BudgetAction.HardStop });

        var answer = await AskAsync(gateway);

        Assert.True(answer.EndsCleanly, answer.Body);
        var account = await QuietAsync(gateway);
        Assert.Equal((provider.Truth.Cost, 0m, 0m), (account.Settled, account.Excess, account.Estimated));
    }

    [Fact]
    public async Task Stream_PastItsHoldAndTheBudgetIsFull_EndsWithBudgetExceededUpstreamClosedAndSettled()
    {
        await using var provider = await StartProviderAsync(words: 100_000);
        await using var gateway = await StartAsync(provider, new BudgetOptions { Caller = "alice", LimitUsd = 0.006m, Action = BudgetAction.HardStop });

        var answer = await AskAsync(gateway);

        Assert.Equal(200, answer.Status);
        Assert.False(answer.EndsCleanly);
        var error = JsonNode.Parse(answer.Events[^1])!["error"]!;
        Assert.Equal("budget_exceeded", error["code"]!.GetValue<string>());
        Assert.Equal(0.006m, error["limit_usd"]!.GetValue<decimal>());
        Assert.Equal("budget_exceeded", answer.Trailers["X-Infermux-Error"]);
        Assert.StartsWith("word1 word2 ", answer.StreamedText, StringComparison.Ordinal);
        await provider.WaitForAsync(t => t.Cancelled == 1, TestContext.Current.CancellationToken);
        var account = await QuietAsync(gateway);
        Assert.True(account.Settled > 0m);
        Assert.Equal((account.Settled, 0m), (account.Estimated, account.Unsettled));
        Assert.Equal("closed", await CircuitAsync(gateway));
    }

    [Fact]
    public async Task Stream_PastItsHoldUnderModelOverride_HoldsMoreAndGoesOn()
    {
        await using var provider = await StartProviderAsync(words: 60);
        await using var gateway = await StartAsync(
            provider, new BudgetOptions { Caller = "alice", LimitUsd = 0.006m, Action = BudgetAction.ModelOverride, ModelOverride = "gpt-4o-mini" });

        var answer = await AskAsync(gateway);

        Assert.True(answer.EndsCleanly, answer.Body);
        var account = await QuietAsync(gateway);
        Assert.Equal((provider.Truth.Cost, 0m), (account.Settled, account.Excess));
    }

    [Fact]
    public async Task Stream_ThatKeepsItsCap_NeverAsksForMore()
    {
        await using var provider = await StartProviderAsync(words: 60, honoursCap: true);
        await using var gateway = await StartAsync(provider, new BudgetOptions { Caller = "alice", LimitUsd = 0.006m, Action = BudgetAction.HardStop });

        var answer = await AskAsync(gateway);

        Assert.True(answer.EndsCleanly, answer.Body);
        var account = await QuietAsync(gateway);
        Assert.Equal((provider.Truth.Cost, 0m), (account.Settled, account.Excess));
    }

    /// <summary>One token each 5 ms, so that they come one by one.</summary>
    private static async Task<ScriptedProvider> StartProviderAsync(int words, bool honoursCap = false)
    {
        var provider = await ScriptedProvider.StartAsync(new() { DefaultPrice = new ScriptedPrice(10m, 100m) }, TestContext.Current.CancellationToken);
        provider.Behaviour = Behaviour.Calm with
        {
            ChunkInterval = TimeSpan.FromMilliseconds(5),
            Answer = new AnswerScript { Words = words, HonoursCap = honoursCap },
        };
        return provider;
    }

    private static Task<TestGateway> StartAsync(ScriptedProvider provider, BudgetOptions budget) => TestGateway.StartAsync(
        Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced("gpt-4o-mini", 10m, 100m).Budgeted(budget));

    private static Task<Answer> AskAsync(TestGateway gateway) =>
        gateway.ChatAsync(stream: true, more: new JsonObject { ["max_tokens"] = 20 }, headers: Caller);

    private static async Task<string> CircuitAsync(TestGateway gateway) =>
        (await gateway.Grains.GetGrain<Infermux.Grains.Contracts.Providers.IProviderGrain>("primary").GetAsync()).Circuit.ToString().ToLowerInvariant();

    private static async Task<AccountView> QuietAsync(TestGateway gateway)
    {
        AccountView? view = null;
        await TestGateway.UntilAsync(
            async () => (view = await gateway.Grains.GetGrain<ICallerBudgetGrain>("alice").GetAsync()).OpenHolds == 0,
            "no hold is open");
        return view!;
    }
}
