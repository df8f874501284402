using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;
using OpenAI;
using OpenAI.Chat;

namespace Infermux.Gateway.Tests;

/// <summary>The seed's story: the OpenAI-shaped primary is down, an Anthropic-shaped one answers through aliases, and the application changes nothing.</summary>
public sealed class AcrossDialectsTests(SharedGateway shared) : IClassFixture<SharedGateway>, IAsyncLifetime
{
    private ScriptedProvider _fallback = null!;
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        (_gateway, var providers) = await shared.BeginAsync(
            [new() { Name = "primary", Behaviour = Behaviour.Fails(503) }, new() { Name = "fallback" }],
            static started => Setup.Of(
                RoutingStrategy.Priority, Setup.OpenAi(started[0], "openai"), Setup.Anthropic(started[1], "anthropic", ("gpt-4o", "claude-sonnet-4-5"))));
        _fallback = providers[1];
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ChatClient Chat => new OpenAIClient(
        new System.ClientModel.ApiKeyCredential("any"), new OpenAIClientOptions { Endpoint = new Uri(_gateway.Address, "v1") }).GetChatClient("gpt-4o");

    [Fact]
    public async Task Whole_AnswersUnderTheCallersModel()
    {
        _fallback.Behaviour = Behaviour.Says("from the other side");

        var answer = await _gateway.ChatAsync(model: "gpt-4o");

        Assert.Equal(200, answer.Status);
        Assert.Equal("from the other side", answer.Content);
        Assert.Equal("gpt-4o", answer.Json["model"]!.GetValue<string>());
        Assert.Equal("anthropic", answer.Header("X-Infermux-Provider"));
        Assert.Equal("claude-sonnet-4-5", answer.Header("X-Infermux-Model"));
        Assert.Equal("claude-sonnet-4-5", _fallback.Requests[0].Model);
    }

    [Fact]
    public async Task Streamed_AnswersUnderTheCallersModelAndEndsCleanly()
    {
        _fallback.Behaviour = Behaviour.Says("one two three");

        var answer = await _gateway.ChatAsync(model: "gpt-4o", stream: true, more: new JsonObject { ["stream_options"] = new JsonObject { ["include_usage"] = true } });

        Assert.True(answer.EndsCleanly, answer.Body);
        Assert.Equal("one two three", answer.StreamedText);
        Assert.All(answer.Events.Where(e => e != "[DONE]"), e => Assert.Equal("gpt-4o", JsonNode.Parse(e)!["model"]!.GetValue<string>()));
        Assert.Equal(_fallback.Truth.Billed.Output, JsonNode.Parse(answer.Events[^2])!["usage"]!["completion_tokens"]!.GetValue<int>());
    }

    [Fact]
    public async Task Tools_RoundTripThroughTheOfficialSdk()
    {
        var tool = ChatTool.CreateFunctionTool(
            "get_weather", "Weather of a city", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""));
        var options = new ChatCompletionOptions { Tools = { tool } };
        List<ChatMessage> conversation = [new SystemChatMessage("Be brief."), new UserChatMessage("weather in Rome?")];

        ChatCompletion asked = await Chat.CompleteChatAsync(conversation, options, TestContext.Current.CancellationToken);
        var call = Assert.Single(asked.ToolCalls);
        conversation.Add(new AssistantChatMessage(asked));
        conversation.Add(new ToolChatMessage(call.Id, "sunny, 25 C"));
        ChatCompletion answered = await Chat.CompleteChatAsync(conversation, options, TestContext.Current.CancellationToken);

        Assert.Equal("get_weather", call.FunctionName);
        Assert.NotNull(JsonNode.Parse(call.FunctionArguments)!.AsObject());
        Assert.Equal(ChatFinishReason.Stop, answered.FinishReason);
        var seen = JsonNode.Parse(_fallback.Requests[^1].Body)!;
        Assert.Contains("tool_result", seen["messages"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(call.Id, seen["messages"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tools_Streamed_ArriveInPieces()
    {
        var tool = ChatTool.CreateFunctionTool("get_weather", "Weather of a city", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}}}"""));
        var arguments = "";
        string? name = null;

        await foreach (var update in Chat.CompleteChatStreamingAsync(
            [new UserChatMessage("weather?")], new ChatCompletionOptions { Tools = { tool } }, TestContext.Current.CancellationToken))
        {
            foreach (var piece in update.ToolCallUpdates)
            {
                name = piece.FunctionName ?? name;
                arguments += piece.FunctionArgumentsUpdate?.ToString();
            }
        }

        Assert.Equal("get_weather", name);
        Assert.NotNull(JsonNode.Parse(arguments)!.AsObject());
    }
}
