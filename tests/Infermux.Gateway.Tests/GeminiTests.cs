using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;
using OpenAI;
using OpenAI.Chat;

namespace Infermux.Gateway.Tests;

/// <summary>A provider of type <c>gemini</c> behind the whole gateway: an OpenAI-shaped primary before it, callers that change nothing.</summary>
public sealed class GeminiTests(SharedGateway shared) : IClassFixture<SharedGateway>, IAsyncLifetime
{
    private const string Upstream = "gemini-3-pro-preview"; // which refuses calls without their signature

    private static readonly JsonObject Tools = JsonNode.Parse(
        """{"tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}},{"type":"function","function":{"name":"get_time"}}]}""")!.AsObject();

    private ScriptedProvider _primary = null!;
    private ScriptedProvider _google = null!;
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        (_gateway, var providers) = await shared.BeginAsync(
            [
                new() { Name = "primary", Behaviour = Behaviour.Fails(503) },
                new() { Name = "google", DefaultPrice = new ScriptedPrice(2m, 12m, CacheRead: 0.2m), AbortRule = AbortRule.BillsOn, ApiKey = "sk-google-key-of-ours" },
            ],
            static started => Setup.Of(
                RoutingStrategy.Priority,
                Setup.OpenAi(started[0], "openai") with { Models = ["gpt-4o-mini"] },
                Setup.Gemini(started[1], "google", ("gpt-4o-mini", Upstream), ("only-google", Upstream), ("text-embedding-3-small", "gemini-embedding-001"))).Priced(Upstream, 2m, 12m));
        (_primary, _google) = (providers[0], providers[1]);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private OpenAIClient Sdk => new(new System.ClientModel.ApiKeyCredential("any"), new OpenAIClientOptions { Endpoint = new Uri(_gateway.Address, "v1") });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_AfterAnOpenAiShapedPrimaryIsDown_CostsWhatTheProviderBilled(bool stream)
    {
        _google.Behaviour = new Behaviour { Answer = new AnswerScript { Text = "from the other side", Reasoning = "hm hm", PromptTokens = 100, CacheReadTokens = 40 } };
        var usage = new JsonObject { ["stream_options"] = new JsonObject { ["include_usage"] = true } };

        var answer = await _gateway.ChatAsync(stream: stream, more: stream ? usage : null);

        Assert.Equal((200, "from the other side", "google"), (answer.Status, stream ? answer.StreamedText : answer.Content, answer.Header("X-Infermux-Provider")));
        Assert.Equal(Upstream, answer.Header("X-Infermux-Model"));
        var told = stream ? JsonNode.Parse(answer.Events[^2])! : answer.Json;
        Assert.Equal((6, 2, 40), (
            told["usage"]!["completion_tokens"]!.GetValue<int>(), told["usage"]!["completion_tokens_details"]!["reasoning_tokens"]!.GetValue<int>(),
            told["usage"]!["prompt_tokens_details"]!["cached_tokens"]!.GetValue<int>()));
        Assert.Equal(((60 * 2m) + (40 * 0.2m) + (6 * 12m)) / 1_000_000m, _google.Truth.Cost);
        Assert.Equal(_google.Truth.Cost, decimal.Parse(answer.Header("X-Infermux-Cost") ?? answer.Trailers["X-Infermux-Cost"], System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tools_OfACallerThatKeepsReasoning_ComeBackWithTheirSignature(bool stream)
    {
        _google.Behaviour = new Behaviour { Answer = new AnswerScript { Text = "sunny" } };
        _google.Enqueue(new Behaviour { Answer = new AnswerScript { ToolCalls = 2 } });

        var asked = Message(await _gateway.ChatAsync(stream: stream, more: Tools), stream);
        var more = Tools.DeepClone().AsObject();
        more["messages"] = Round(asked);
        var answered = await _gateway.ChatAsync(more: more);

        Assert.Equal((200, "sunny"), (answered.Status, answered.Content));
        Assert.StartsWith("imx1.google.gemini-3-pro-preview.", asked["reasoning_details"]![0]!["data"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain("skip_thought", _google.Requests[^1].Body, StringComparison.Ordinal);
        Assert.Null(answered.Header("X-Infermux-Dropped"));
    }

    [Fact]
    public async Task Tools_ThatAnotherProviderCalled_AreTakenOverInTheMiddleOfALoop()
    {
        _primary.Behaviour = new Behaviour { Answer = new AnswerScript { ToolCalls = 2, Reasoning = "hm" } };
        var asked = Message(await _gateway.ChatAsync(more: Tools), stream: false);
        _primary.Behaviour = Behaviour.Fails(503);
        _google.Behaviour = Behaviour.Says("taken over");
        var more = Tools.DeepClone().AsObject();
        more["messages"] = Round(asked);

        var answered = await _gateway.ChatAsync(more: more);

        Assert.Equal((200, "taken over", "google"), (answered.Status, answered.Content, answered.Header("X-Infermux-Provider")));
        Assert.Contains("skip_thought_signature_validator", _google.Requests[^1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tools_ThatGeminiCalled_GoToAnotherProviderWithoutTheSignature()
    {
        _google.Behaviour = new Behaviour { Answer = new AnswerScript { ToolCalls = 2 } };
        var asked = Message(await _gateway.ChatAsync(model: "only-google", more: Tools), stream: false);
        _primary.Behaviour = Behaviour.Says("taken over");
        _google.Behaviour = Behaviour.Fails(503); // the maker is preferred while it can answer
        var more = Tools.DeepClone().AsObject();
        more["messages"] = Round(asked);

        var answered = await _gateway.ChatAsync(more: more);

        Assert.Equal((200, "taken over", "openai"), (answered.Status, answered.Content, answered.Header("X-Infermux-Provider")));
    }

    [Fact]
    public async Task Tools_RoundTripThroughTheOfficialSdk()
    {
        var options = new ChatCompletionOptions { Tools = { ChatTool.CreateFunctionTool("get_weather", "Weather of a city", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}"""), functionSchemaIsStrict: true) } };
        List<ChatMessage> conversation = [new SystemChatMessage("Be brief."), new UserChatMessage("weather in Rome?")];
        var chat = Sdk.GetChatClient("gpt-4o-mini");

        ChatCompletion asked = await chat.CompleteChatAsync(conversation, options, TestContext.Current.CancellationToken);
        var call = Assert.Single(asked.ToolCalls);
        conversation.Add(new AssistantChatMessage(asked));
        conversation.Add(new ToolChatMessage(call.Id, "sunny, 25 C"));
        ChatCompletion answered = await chat.CompleteChatAsync(conversation, options, TestContext.Current.CancellationToken);

        Assert.Equal((ChatFinishReason.ToolCalls, ChatFinishReason.Stop), (asked.FinishReason, answered.FinishReason));
        Assert.Contains("\"result\":\"sunny, 25 C\"", _google.Requests[^1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embeddings_ThroughTheOfficialSdk_Decode()
    {
        var answer = await Sdk.GetEmbeddingClient("text-embedding-3-small").GenerateEmbeddingsAsync(["a", "b"], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal([1 / 2f, 1 / 3f], answer.Value[0].ToFloats()[..2].ToArray());
        Assert.Equal(2, answer.Value.Count);
    }

    [Fact]
    public async Task Completions_WhichGeminiDoesNotHave_AreSaidInChat()
    {
        _google.Behaviour = Behaviour.Says("good morning");

        var answer = await _gateway.PostAsync("/v1/completions", """{"model":"gpt-4o-mini","prompt":"hello"}""");

        Assert.Equal((200, 1L), (answer.Status, _google.Truth.Answered));
        Assert.Equal("good morning", answer.Json["choices"]![0]!["text"]!.GetValue<string>());
    }

    [Fact]
    public async Task Key_ThatGoogleRefusesWith400_IsNeverTheCallersFault()
    {
        _google.Behaviour = Behaviour.Fails(400, code: "API_KEY_INVALID", message: "API key not valid: sk-google-key-of-ours");

        var answer = await _gateway.ChatAsync();

        Assert.Equal(502, answer.Status);
        Assert.DoesNotContain("sk-google-key", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Caller_WhoHangsUp_PaysWhatGeminiBillsToTheEnd()
    {
        _google.Behaviour = Behaviour.Calm with { ChunkInterval = TimeSpan.FromMilliseconds(5), Answer = new AnswerScript { Words = 60 } };
        using (var stream = await RawStream.AtFirstContentAsync(_gateway.Address))
        {
            stream.HangUp();
        }

        await _google.WaitForAsync(t => t.Answered == 1, TestContext.Current.CancellationToken);
        await TestGateway.UntilAsync(
            async () => (await _gateway.GetJsonAsync("/_infermux/requests")).AsArray().Any(r => r!["cost_usd"]!.GetValue<decimal>() == _google.Truth.Cost),
            "the bill is settled to the digit");
    }

    private static JsonArray Round(JsonNode asked) =>
    [
        new JsonObject { ["role"] = "user", ["content"] = "hello" },
        asked.DeepClone(),
        .. asked["tool_calls"]!.AsArray().Select(static call => new JsonObject { ["role"] = "tool", ["tool_call_id"] = call!["id"]!.GetValue<string>(), ["content"] = "ok" }),
    ];

    /// <summary>The assistant message, put together from the deltas of a stream as clients do.</summary>
    private static JsonNode Message(Answer answer, bool stream)
    {
        Assert.True(answer.Status == 200, answer.Body);
        if (!stream)
        {
            return answer.Json["choices"]![0]!["message"]!;
        }

        var message = new JsonObject { ["role"] = "assistant", ["content"] = null, ["tool_calls"] = new JsonArray(), ["reasoning_details"] = new JsonArray() };
        foreach (var delta in answer.Events.Where(static e => e != "[DONE]").Select(static e => JsonNode.Parse(e)!["choices"]![0]!["delta"]!))
        {
            foreach (var call in delta["tool_calls"]?.AsArray() ?? [])
            {
                if (call!["id"] is not null)
                {
                    message["tool_calls"]!.AsArray().Add(call.DeepClone());
                }
                else
                {
                    var function = message["tool_calls"]![call["index"]!.GetValue<int>()]!["function"]!;
                    function["arguments"] = function["arguments"]!.GetValue<string>() + call["function"]!["arguments"]!.GetValue<string>();
                }
            }

            foreach (var item in delta["reasoning_details"]?.AsArray() ?? [])
            {
                message["reasoning_details"]!.AsArray().Add(item!.DeepClone());
            }
        }

        return message;
    }
}
