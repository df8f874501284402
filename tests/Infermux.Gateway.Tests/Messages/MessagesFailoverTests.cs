using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Messages;

/// <summary>One conversation with tools and signed thinking, whose turns are answered by providers of different dialects.</summary>
public sealed class MessagesFailoverTests : IAsyncLifetime
{
    private ScriptedProvider _claude = null!;
    private ScriptedProvider _chat = null!;
    private TestGateway _gateway = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _claude = await ScriptedProvider.StartAsync(new() { Name = "claude" }, Cancel);
        _chat = await ScriptedProvider.StartAsync(new() { Name = "chat" }, Cancel);
        _gateway = await TestGateway.StartAsync(Setup.Of(
            RoutingStrategy.Priority,
            Setup.Anthropic(_claude, "claude", ("gpt-4o", "claude-sonnet-4-5")),
            Setup.OpenAi(_chat, "chat")));
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _claude.DisposeAsync();
        await _chat.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_ClaudeFailsInTheToolLoop_ChatAnswersAndClaudeGoesOnLater(bool stream)
    {
        var thinks = new Behaviour { Answer = new AnswerScript { Reasoning = "let me think", ToolCalls = 1 } };
        _claude.Behaviour = thinks;
        var first = await AskAsync(stream, """{"role":"user","content":"go"}""");
        Assert.Equal("claude", Provider(first));
        var loop = Loop("""{"role":"user","content":"go"}""", first);

        _claude.Behaviour = Behaviour.Fails(529);
        _chat.Behaviour = thinks; // it makes a further call, with reasoning of its own
        var second = await AskAsync(stream, loop);
        Assert.Equal("chat", Provider(second));
        Assert.Equal("reasoning_details, thinking", second.Header("X-Infermux-Dropped"));
        Assert.Contains("\"tool_call_id\"", _chat.Requests[^1].Body, StringComparison.Ordinal);
        Assert.DoesNotContain("imx1.", _chat.Requests[^1].Body, StringComparison.Ordinal);

        _claude.Behaviour = Behaviour.Says("done");
        var third = await AskAsync(stream, Loop(loop, second)); // the loop's last turn is the chat provider's: Claude cannot think here
        Assert.True(third.Status == 200, third.Body);
        Assert.Equal(("claude", "done"), (Provider(third), third.Text()));
        Assert.Equal("reasoning_details, thinking", third.Header("X-Infermux-Dropped"));
        var sent = JsonNode.Parse(_claude.Requests[^1].Body)!;
        Assert.Equal("disabled", sent["thinking"]!["type"]!.GetValue<string>());
        Assert.Equal("thinking", sent["messages"]![1]!["content"]![0]!["type"]!.GetValue<string>()); // its own first turn is whole
    }

    [Fact]
    public async Task Chat_TheFirstFails_ClaudeAnswersAndGoesOnThinkingInItsOwnLoop()
    {
        await using var gateway = await TestGateway.StartAsync(Setup.Of(
            RoutingStrategy.Priority, Setup.OpenAi(_chat, "chat"), Setup.Anthropic(_claude, "claude", ("gpt-4o", "claude-sonnet-4-5"))));
        _chat.Behaviour = Behaviour.Fails(503);
        _claude.Enqueue(new Behaviour { Answer = new AnswerScript { Reasoning = "let me think", ToolCalls = 1 } });
        _claude.Behaviour = Behaviour.Says("done");
        const string Common = """
            "model":"gpt-4o","reasoning_effort":"high","max_completion_tokens":8000,"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}]
            """;
        var asked = await gateway.PostAsync("/v1/chat/completions", $$$"""{{{{Common}}},"messages":[{"role":"user","content":"go"}]}""");
        var said = asked.Json["choices"]![0]!["message"]!;
        var call = said["tool_calls"]![0]!["id"]!.GetValue<string>();
        var answered = await gateway.PostAsync("/v1/chat/completions",
            $$$"""{{{{Common}}},"messages":[{"role":"user","content":"go"},{{{said.ToJsonString()}}},{"role":"tool","tool_call_id":"{{{call}}}","content":"ok"}]}""");

        Assert.True(answered.Status == 200, answered.Body); // the scripted Claude refuses a loop that does not begin with its signed thinking
        Assert.Equal("done", answered.Content);
        Assert.Null(answered.Header("X-Infermux-Dropped"));
        var sent = JsonNode.Parse(_claude.Requests[^1].Body)!;
        Assert.Equal("enabled", sent["thinking"]!["type"]!.GetValue<string>());
        Assert.Equal(("thinking", "c2lnbmVk"), (
            sent["messages"]![1]!["content"]![0]!["type"]!.GetValue<string>(), sent["messages"]![1]!["content"]![0]!["signature"]!.GetValue<string>()));
    }

    [Fact]
    public async Task HostedTool_IsForClaudeAlone()
    {
        _claude.Behaviour = Behaviour.Fails(529);
        var answer = await _gateway.MessagesAsync("""  "tools":[{"type":"web_search_20250305","name":"web_search"}],"messages":[{"role":"user","content":"x"}]  """);
        Assert.NotEqual(200, answer.Status);
        Assert.Empty(_chat.Requests);
    }

    private Task<Answer> AskAsync(bool stream, string messages) => _gateway.MessagesAsync(
        $$"""  {{(stream ? "\"stream\":true," : "")}}"thinking":{"type":"enabled","budget_tokens":200},"tools":[{{MessagesCalls.Tool}}],"messages":[{{messages}}]  """);

    private static string Provider(Answer answer) => answer.Header("X-Infermux-Provider") ?? "";

    private static string Loop(string before, Answer answer)
    {
        var result = $$"""{"type":"tool_result","tool_use_id":"{{answer.Block("tool_use")["id"]}}","content":"ok"}""";
        return $$"""{{before}},{"role":"assistant","content":{{answer.Message()["content"]!.ToJsonString()}} },{"role":"user","content":[{{result}}]}""";
    }
}
