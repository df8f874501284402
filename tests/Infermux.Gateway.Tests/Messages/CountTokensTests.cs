using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Messages;

public sealed class CountTokensTests : IAsyncLifetime
{
    private const string Body = """{"model":"gpt-4o","messages":[{"role":"user","content":"How many tokens might this question have, all told?"}]}""";
    private ScriptedProvider _claude = null!;
    private ScriptedProvider _chat = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _claude = await ScriptedProvider.StartAsync(new() { Name = "claude" }, Cancel);
        _chat = await ScriptedProvider.StartAsync(new() { Name = "chat" }, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _claude.DisposeAsync();
        await _chat.DisposeAsync();
    }

    [Fact]
    public async Task Count_OfAnAnthropicProvider_IsItsOwnAndFree()
    {
        _claude.Behaviour = new Behaviour { Answer = new AnswerScript { PromptTokens = 1234 } };
        await using var gateway = await StartAsync(Setup.Anthropic(_claude, "claude", ("gpt-4o", "claude-sonnet-4-5")));

        var answer = await gateway.PostAsync("/v1/messages/count_tokens", Body, "X-Infermux-Caller=alice", "anthropic-version=2023-06-01");

        Assert.Equal((200, 1234, null), (answer.Status, answer.Json["input_tokens"]!.GetValue<int>(), answer.Header("X-Infermux-Estimated")));
        Assert.Equal("claude-sonnet-4-5", Assert.Single(_claude.Requests).Model);
        Assert.Equal("0", answer.Header("X-Infermux-Cost"));
        var request = (await gateway.GetJsonAsync("/_infermux/requests"))[0]!;
        Assert.Equal(("CountTokens", 0m), (request["kind"]!.GetValue<string>(), request["cost_usd"]!.GetValue<decimal>()));
        Assert.Equal(0m, (await gateway.GetJsonAsync("/_infermux/costs"))["total_usd"]!.GetValue<decimal>());
    }

    [Fact]
    public async Task Count_IsNoRequestInTheCosts()
    {
        await using var gateway = await StartAsync(Setup.Anthropic(_claude, "claude", ("gpt-4o", "claude-sonnet-4-5")));
        Assert.Equal(200, (await gateway.PostAsync("/v1/messages/count_tokens", Body)).Status);
        Assert.Equal(200, (await gateway.SayHiAsync()).Status); // settled after it, by the same account

        await TestGateway.UntilAsync(async () => (await gateway.GetJsonAsync("/_infermux/costs"))["requests"]!.GetValue<long>() > 0, "the answer is in the costs");
        Assert.Equal(1, (await gateway.GetJsonAsync("/_infermux/costs"))["requests"]!.GetValue<long>());
    }

    [Fact]
    public async Task Count_WhereTheProviderCannot_IsAnEstimateThatSaysSo()
    {
        await using var gateway = await StartAsync(Setup.OpenAi(_chat, "chat"));

        var answer = await gateway.PostAsync("/v1/messages/count_tokens", Body, "X-Infermux-Caller=alice");

        Assert.Equal((200, "true", "chat"), (answer.Status, answer.Header("X-Infermux-Estimated"), answer.Header("X-Infermux-Provider")));
        Assert.InRange(answer.Json["input_tokens"]!.GetValue<int>(), 11, 30); // 11 words, and what surrounds a message
        Assert.Empty(_chat.Requests);
    }

    [Fact]
    public async Task Count_WhereTheFirstProviderFails_GoesToTheNext()
    {
        _claude.Behaviour = Behaviour.Fails(529);
        await using var gateway = await StartAsync(Setup.Anthropic(_claude, "claude", ("gpt-4o", "claude-sonnet-4-5")), Setup.OpenAi(_chat, "chat"));

        var answer = await gateway.PostAsync("/v1/messages/count_tokens", Body, "X-Infermux-Caller=alice");

        Assert.Equal((200, "true"), (answer.Status, answer.Header("X-Infermux-Estimated")));
        Assert.Single(_claude.Requests);
    }

    // alice's budget is too small for any answer: counting asks for no money.
    private static Task<TestGateway> StartAsync(params ProviderOptions[] providers) => TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, providers)
        .Priced("gpt-4o", 10m, 30m)
        .Budgeted(new BudgetOptions { Caller = "alice", LimitUsd = 0.000001m, Action = BudgetAction.HardStop }));
}
