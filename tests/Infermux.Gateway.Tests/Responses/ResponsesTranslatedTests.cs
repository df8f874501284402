using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Responses;

/// <summary>Responses in, another dialect out: Anthropic Messages, and OpenAI-shaped servers that have chat only.</summary>
public sealed class ResponsesTranslatedTests(SharedGateway shared) : IClassFixture<SharedGateway>, IAsyncLifetime
{
    private const string Tool = """ "tools":[{"type":"function","name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}}]""";

    private ScriptedProvider _provider = null!;
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        (_gateway, var providers) = await shared.BeginAsync(
            [new() { Name = "other" }],
            static started => Setup.Of(
                RoutingStrategy.Priority, Setup.Anthropic(started[0], "anthropic", ("claude", "claude-haiku-4-5")), Setup.OpenAi(started[0], "chat") with { Models = ["llama"] }));
        _provider = providers[0];
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static TheoryData<string> Models => ["claude", "llama"];

    private Task<Answer> AskAsync(string model, string members) => _gateway.PostAsync("/v1/responses", $$"""{"model":"{{model}}",{{members}}}""");

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Whole_SaysTheRequestBackAndWhatWasUsed(string model)
    {
        _provider.Behaviour = Behaviour.Says("naïve 🙂");

        var answer = await AskAsync(model, """ "instructions":"Be brief.","input":"hello","max_output_tokens":77""");

        Assert.Equal(200, answer.Status);
        Assert.Equal((model, "completed", "Be brief."), (Text(answer.Json, "model"), Text(answer.Json, "status"), Text(answer.Json, "instructions")));
        Assert.Equal("naïve 🙂", Text(answer.Json["output"]![0]!["content"]![0]!, "text"));
        Assert.Equal(_provider.Truth.Billed.Output, answer.Json["usage"]!["output_tokens"]!.GetValue<int>());
        Assert.False(answer.Json["store"]!.GetValue<bool>());
        Assert.Contains("77", _provider.Requests[0].Body, StringComparison.Ordinal);
        Assert.Contains("Be brief.", _provider.Requests[0].Body, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Streamed_HasTheWholeOrderOfEvents(string model)
    {
        _provider.Behaviour = new Behaviour { Answer = new AnswerScript { Text = "one two", Reasoning = "let me think" } };

        var events = ResponsesEvents.Of(await AskAsync(model, """ "input":"hello","stream":true"""));

        Assert.Equal(
            [
                "response.created", "response.in_progress",
                "response.output_item.added", "response.reasoning_summary_part.added", "response.reasoning_summary_text.delta",
                "response.reasoning_summary_text.done", "response.reasoning_summary_part.done", "response.output_item.done",
                "response.output_item.added", "response.content_part.added", "response.output_text.delta", "response.output_text.done",
                "response.content_part.done", "response.output_item.done", "response.completed",
            ],
            events.Order());
        Assert.Equal("one two", events.Joined("response.output_text.delta"));
        Assert.Equal("one two", Text(events.Single(e => e.Type() == "response.output_text.done"), "text"));
        Assert.Equal("let me think", Text(events.Single(e => e.Type() == "response.reasoning_summary_text.done"), "text"));
        var output = events[^1]["response"]!["output"]!.AsArray();
        Assert.Equal(events.Where(e => e.Type() == "response.output_item.done").Select(e => e["item"]!.ToJsonString()), output.Select(item => item!.ToJsonString()));
        Assert.Equal(_provider.Truth.Billed.Output, events[^1]["response"]!["usage"]!["output_tokens"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("claude", false)]
    [InlineData("claude", true)]
    [InlineData("llama", false)]
    [InlineData("llama", true)]
    public async Task ParallelTools_GoRoundToTheAnswer(string model, bool stream)
    {
        _provider.Enqueue(new Behaviour { Answer = new AnswerScript { ToolCalls = 2 } });
        _provider.Behaviour = Behaviour.Says("sunny");
        var flag = stream ? "\"stream\":true," : "";

        var asked = await AskAsync(model, $"{flag}{Tool},\"input\":\"weather?\"");
        var output = (stream ? ResponsesEvents.Of(asked)[^1]["response"]!["output"]! : asked.Json["output"]!).AsArray();
        Assert.Equal(["function_call", "function_call"], output.Select(item => Text(item!, "type")));
        Assert.Equal("""{"city":"example"}""", Text(output[0]!, "arguments"));
        var results = string.Join(',', output.Select(item => $$"""{"type":"function_call_output","call_id":"{{Text(item!, "call_id")}}","output":"25 C"}"""));
        var answered = await AskAsync(
            model, $$"""{{flag}}{{Tool}},"input":[{"role":"user","content":"weather?"},{{string.Join(',', output.Select(item => item!.ToJsonString()))}},{{results}}]""");

        Assert.Equal(200, answered.Status);
        Assert.Contains("sunny", answered.Body, StringComparison.Ordinal);
        Assert.Equal(2, _provider.Truth.Answered);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task CustomTool_ComesBackWithItsInputAsText(string model)
    {
        const string Custom = """ "tools":[{"type":"custom","name":"apply_patch","description":"Edits files.","format":{"type":"grammar","syntax":"lark","definition":"start: word"}}]""";

        var answer = await AskAsync(model, $"{Custom},\"input\":\"go\",\"stream\":true");

        var events = ResponsesEvents.Of(answer);
        var call = events[^1]["response"]!["output"]![0]!;
        Assert.Equal(("custom_tool_call", "apply_patch", "example"), (Text(call, "type"), Text(call, "name"), Text(call, "input")));
        Assert.Equal("example", events.Joined("response.custom_tool_call_input.delta"));
        Assert.Equal("tools.format", answer.Header("X-Infermux-Dropped"));
        Assert.Contains("start: word", JsonNode.Parse(_provider.Requests[0].Body)!["tools"]![0]!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task StructuredOutput_ComesBackAsJson(string model)
    {
        var answer = await AskAsync(
            model, """ "input":"who?","text":{"format":{"type":"json_schema","name":"person","strict":true,"schema":{"type":"object","properties":{"ok":{"type":"boolean"}},"required":["ok"],"additionalProperties":false}}}""");

        Assert.Equal("""{"ok":true}""", Text(answer.Json["output"]![0]!["content"]![0]!, "text"));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task OutputCap_IsSaidAsIncomplete(string model)
    {
        var answer = await AskAsync(model, """ "input":"words=50","max_output_tokens":20,"stream":true""");

        var last = ResponsesEvents.Of(answer)[^1];
        Assert.Equal(("response.incomplete", "incomplete", "max_output_tokens"), (last.Type(), Text(last["response"]!, "status"), Text(last["response"]!["incomplete_details"]!, "reason")));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task HostedTool_IsRefusedByNameWhereNobodySpeaksResponses(string model)
    {
        var answer = await AskAsync(model, """ "input":"x","tools":[{"type":"web_search"}]""");

        Assert.Equal((400, "unsupported", "tools[0].type"), (answer.Status, Text(answer.Json["error"]!, "code"), Text(answer.Json["error"]!, "param")));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task BreakAfterOutput_EndsWithFailedAndTheNextNumbers(string model)
    {
        _provider.Behaviour = Behaviour.Says("one two three") with { Fault = Fault.CutWithoutEnd, AfterEvents = 2 };

        var events = ResponsesEvents.Of(await AskAsync(model, """ "input":"hello","stream":true"""));

        Assert.Equal(["error", "response.failed"], events.TakeLast(2).Select(e => e.Type()));
        Assert.Equal(Text(events[0]["response"]!, "id"), Text(events[^1]["response"]!, "id"));
    }

    [Fact]
    public async Task Error_HasOpenAisEnvelopeWhoeverMadeIt()
    {
        _provider.Behaviour = Behaviour.Fails(400, message: "max_tokens: too large");

        var answer = await AskAsync("claude", """ "input":"hello" """);

        Assert.Equal(400, answer.Status);
        Assert.Contains("max_tokens: too large", Text(answer.Json["error"]!, "message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("claude")]
    [InlineData("llama")]
    public async Task Image_TravelsAsData(string model)
    {
        var answer = await AskAsync(
            model, """ "input":[{"role":"user","content":[{"type":"input_text","text":"what?"},{"type":"input_image","image_url":"data:image/png;base64,iVBORw0KGgo=","detail":"low"}]}]""");

        Assert.Equal(200, answer.Status);
        Assert.Contains("iVBORw0KGgo=", _provider.Requests[0].Body, StringComparison.Ordinal);
    }

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();
}
