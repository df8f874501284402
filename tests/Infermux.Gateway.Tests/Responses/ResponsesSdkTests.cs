#pragma warning disable OPENAI001 // the SDK calls its Responses client experimental
using System.ClientModel;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;
using OpenAI.Responses;

namespace Infermux.Gateway.Tests.Responses;

/// <summary>The official SDK's Responses client, with nothing but its base URL set: at a provider that speaks Responses, at one that has chat only, and at Anthropic.</summary>
public sealed class ResponsesSdkTests(SharedGateway shared) : IClassFixture<SharedGateway>, IAsyncLifetime
{
    private ScriptedProvider _provider = null!;
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        (_gateway, var providers) = await shared.BeginAsync(
            [new() { Name = "primary" }],
            static started => Setup.Of(
                RoutingStrategy.Priority,
                Setup.OpenAi(started[0], "responses") with { Models = ["same"], ResponsesApi = true },
                Setup.OpenAi(started[0], "chat") with { Models = ["chat"] },
                Setup.Anthropic(started[0], "anthropic", ("claude", "claude-haiku-4-5"))));
        _provider = providers[0];
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static TheoryData<string> Models => ["same", "chat", "claude"];

    private ResponsesClient Client => new(
        new ApiKeyCredential("any"), new ResponsesClientOptions { Endpoint = new Uri(_gateway.Address, "v1") });

    private static FunctionTool Tool => ResponseTool.CreateFunctionTool(
        "get_weather", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}"""), strictModeEnabled: true);

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Response_Whole_HasTextAndUsage(string model)
    {
        _provider.Behaviour = Behaviour.Says("Good morning to you");

        ResponseResult response = await Client.CreateResponseAsync(model, "hello", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(("Good morning to you", model, ResponseStatus.Completed), (response.GetOutputText(), response.Model, response.Status));
        Assert.Equal(_provider.Truth.Billed.Output, response.Usage.OutputTokenCount);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Response_Streamed_DeliversEveryPieceInOrder(string model)
    {
        _provider.Behaviour = new Behaviour { Answer = new AnswerScript { Text = "one two three", Reasoning = "let me think" } };
        var (text, number, completed) = ("", 0, (ResponseResult?)null);

        await foreach (var update in await Client.CreateResponseStreamingAsync(model, "hello", cancellationToken: TestContext.Current.CancellationToken))
        {
            Assert.Equal(number++, update.SequenceNumber);
            text += (update as StreamingResponseOutputTextDeltaUpdate)?.Delta;
            completed = (update as StreamingResponseCompletedUpdate)?.Response ?? completed;
        }

        Assert.Equal("one two three", text);
        Assert.Equal(text, completed!.GetOutputText());
        Assert.Contains(completed.OutputItems, item => item is ReasoningResponseItem);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Tools_GoRoundToTheAnswer(string model)
    {
        _provider.Enqueue(new Behaviour { Answer = new AnswerScript { ToolCalls = 1 } });
        _provider.Behaviour = Behaviour.Says("sunny");
        var options = new CreateResponseOptions(model, [ResponseItem.CreateUserMessageItem("weather in Rome?")]) { Tools = { Tool } };

        ResponseResult asked = await Client.CreateResponseAsync(options, TestContext.Current.CancellationToken);
        var call = Assert.IsType<FunctionCallResponseItem>(Assert.Single(asked.OutputItems));
        foreach (var item in asked.OutputItems)
        {
            options.InputItems.Add(item);
        }

        options.InputItems.Add(ResponseItem.CreateFunctionCallOutputItem(call.CallId, "25 C"));
        ResponseResult answered = await Client.CreateResponseAsync(options, TestContext.Current.CancellationToken);

        Assert.Equal(("get_weather", "sunny"), (call.FunctionName, answered.GetOutputText()));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task StructuredOutput_IsAValueOfTheSchema(string model)
    {
        var options = new CreateResponseOptions(model, [ResponseItem.CreateUserMessageItem("who?")])
        {
            TextOptions = new ResponseTextOptions
            {
                TextFormat = ResponseTextFormat.CreateJsonSchemaFormat(
                    "person", BinaryData.FromString("""{"type":"object","properties":{"ok":{"type":"boolean"}},"required":["ok"],"additionalProperties":false}"""), jsonSchemaIsStrict: true),
            },
        };

        ResponseResult response = await Client.CreateResponseAsync(options, TestContext.Current.CancellationToken);

        Assert.Equal("""{"ok":true}""", response.GetOutputText());
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Error_IsRaisedWithTheStatusAndItsWords(string model)
    {
        _provider.Behaviour = Behaviour.Fails(400, message: "this model does not take that");

        var raised = await Assert.ThrowsAsync<ClientResultException>(async () =>
            await Client.CreateResponseAsync(model, "hello", cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(400, raised.Status);
        Assert.Contains("does not take that", raised.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task BreakInTheStream_IsSeenAsFailed(string model)
    {
        _provider.Behaviour = Behaviour.Says("one two three") with { Fault = Fault.CutWithoutEnd, AfterEvents = 2 };
        var updates = new List<StreamingResponseUpdate>();

        await foreach (var update in await Client.CreateResponseStreamingAsync(model, "hello", cancellationToken: TestContext.Current.CancellationToken))
        {
            updates.Add(update);
        }

        Assert.Contains(updates, update => update is StreamingResponseErrorUpdate);
        Assert.Equal(ResponseStatus.Failed, Assert.IsType<StreamingResponseFailedUpdate>(updates[^1]).Response.Status);
    }
}
