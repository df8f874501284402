using System.ClientModel;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;
using OpenAI;
using OpenAI.Chat;

namespace Infermux.Gateway.Tests;

/// <summary>The official OpenAI SDK, unchanged, with nothing but its base URL set.</summary>
public sealed class OpenAiSdkTests(SharedGateway shared) : IClassFixture<SharedGateway>, IAsyncLifetime
{
    private ScriptedProvider _provider = null!;
    private TestGateway _gateway = null!;
    private OpenAIClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        (_gateway, var providers) = await shared.BeginAsync(
            [new() { Name = "primary" }],
            static started => Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(started[0], "primary") with { Models = ["gpt-4o-mini", "text-embedding-3-small"] }));
        _provider = providers[0];
        _client = new OpenAIClient(new ApiKeyCredential("any-key"), new OpenAIClientOptions { Endpoint = new Uri(_gateway.Address, "v1") });
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ChatClient Chat => _client.GetChatClient("gpt-4o-mini");

    [Fact]
    public async Task Chat_Whole_AnswersWithTheCallersModelAndUsage()
    {
        _provider.Behaviour = Behaviour.Says("Good morning to you");

        ChatCompletion answer = await Chat.CompleteChatAsync([new UserChatMessage("hello")], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("Good morning to you", answer.Content[0].Text);
        Assert.Equal("gpt-4o-mini", answer.Model);
        Assert.True(answer.Usage.OutputTokenCount > 0);
    }

    [Fact]
    public async Task Chat_Streamed_DeliversEveryPieceAndUsage()
    {
        _provider.Behaviour = Behaviour.Says("one two three four");
        var text = "";
        ChatTokenUsage? usage = null;

        await foreach (var update in Chat.CompleteChatStreamingAsync([new UserChatMessage("hello")], cancellationToken: TestContext.Current.CancellationToken))
        {
            text += string.Concat(update.ContentUpdate.Select(p => p.Text));
            usage = update.Usage ?? usage;
        }

        Assert.Equal("one two three four", text);
        Assert.NotNull(usage); // this SDK always asks for usage
        Assert.Equal(_provider.Truth.Billed.Output, usage.OutputTokenCount);
    }

    [Fact]
    public async Task Chat_WithTools_ReturnsTheCall()
    {
        var tool = ChatTool.CreateFunctionTool("get_weather", "Weather of a city", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}}}"""));

        ChatCompletion answer = await Chat.CompleteChatAsync(
            [new UserChatMessage("weather in Rome?")], new ChatCompletionOptions { Tools = { tool } }, TestContext.Current.CancellationToken);

        Assert.Equal(ChatFinishReason.ToolCalls, answer.FinishReason);
        Assert.Equal("get_weather", Assert.Single(answer.ToolCalls).FunctionName);
    }

    [Fact]
    public async Task Chat_StructuredOutput_ReturnsAValueOfTheSchema()
    {
        var format = ChatResponseFormat.CreateJsonSchemaFormat(
            "person", BinaryData.FromString("""{"type":"object","properties":{"name":{"type":"string"}},"required":["name"],"additionalProperties":false}"""), jsonSchemaIsStrict: true);

        ChatCompletion answer = await Chat.CompleteChatAsync(
            [new UserChatMessage("who?")], new ChatCompletionOptions { ResponseFormat = format }, TestContext.Current.CancellationToken);

        Assert.NotNull(System.Text.Json.Nodes.JsonNode.Parse(answer.Content[0].Text)!["name"]);
    }

    [Fact]
    public async Task Embeddings_DefaultBase64_Decode()
    {
        var answer = await _client.GetEmbeddingClient("text-embedding-3-small").GenerateEmbeddingAsync("hello", cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(answer.Value.ToFloats().Length > 0);
    }

    [Fact]
    public async Task Models_ListWhatIsServed()
    {
        var models = await _client.GetOpenAIModelClient().GetModelsAsync(TestContext.Current.CancellationToken);

        Assert.Contains(models.Value, m => m.Id == "gpt-4o-mini");
    }

    [Fact]
    public async Task Abort_InTheMiddleOfAStream_ClosesTheUpstream()
    {
        _provider.Behaviour = Behaviour.Calm with { ChunkInterval = TimeSpan.FromMilliseconds(10), Answer = new AnswerScript { Words = 10_000 } };
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var (pieces, abortedAt) = (0, DateTimeOffset.MaxValue);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in Chat.CompleteChatStreamingAsync([new UserChatMessage("hello")], cancellationToken: abort.Token))
            {
                if (++pieces == 5)
                {
                    abortedAt = TimeProvider.System.GetUtcNow();
                    await abort.CancelAsync();
                }
            }
        });

        await _provider.WaitForAsync(t => t.Cancelled == 1, TestContext.Current.CancellationToken);
        Assert.InRange((Assert.Single(_provider.Requests).Ended!.Value - abortedAt).TotalSeconds, 0, 5); // far below the 30 s of an answer that is read on
    }

    [Fact]
    public async Task Error_OfTheProvider_SurfacesAsTheSdksException()
    {
        _provider.Behaviour = Behaviour.Fails(400, code: "unsupported_value", message: "no such temperature");

        var thrown = await Assert.ThrowsAsync<ClientResultException>(
            () => Chat.CompleteChatAsync([new UserChatMessage("hello")], cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(400, thrown.Status);
        Assert.Contains("no such temperature", thrown.Message, StringComparison.Ordinal);
    }
}
