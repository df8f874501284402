using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Responses;

/// <summary>Responses in, Responses out: bytes travel, and only what routing and money must change is changed.</summary>
public sealed class ResponsesPassthroughTests(SharedGateway shared) : IClassFixture<SharedGateway>, IAsyncLifetime
{
    private ScriptedProvider _first = null!;
    private ScriptedProvider _second = null!;
    private TestGateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        (_gateway, var providers) = await shared.BeginAsync(
            [new() { Name = "first" }, new() { Name = "second" }],
            static started => Setup.Of(RoutingStrategy.Priority, Own(started[0], "first"), Own(started[1], "second")));
        (_first, _second) = (providers[0], providers[1]);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static ProviderOptions Own(ScriptedProvider provider, string name) => Setup.OpenAi(provider, name) with
    {
        ResponsesApi = true,
        ModelAliases = new Dictionary<string, string>(StringComparer.Ordinal) { ["mine"] = "gpt-4o" },
    };

    private Task<Answer> AskAsync(string members, params string[] headers) => _gateway.PostAsync("/v1/responses", $$"""{"model":"mine",{{members}}}""", headers);

    [Fact]
    public async Task Whole_KeepsEveryByteButTheModelName()
    {
        _first.Behaviour = Behaviour.Says("Good morning");

        var answer = await AskAsync(""" "input":"hello","x_unknown":{"kept":[1]},"tools":[{"type":"web_search","external_web_access":false}]""");

        Assert.Equal(200, answer.Status);
        Assert.Equal(("response", "mine", "completed"), (Text(answer.Json, "object"), Text(answer.Json, "model"), Text(answer.Json, "status")));
        Assert.Equal("Good morning", Text(answer.Json["output"]![0]!["content"]![0]!, "text"));
        var sent = JsonNode.Parse(_first.Requests[0].Body)!;
        Assert.Equal("""{"kept":[1]}""", sent["x_unknown"]!.ToJsonString());
        Assert.Equal("web_search", sent["tools"]![0]!["type"]!.GetValue<string>());
        Assert.Equal("gpt-4o", Text(sent, "model"));
        Assert.False(sent["store"]!.GetValue<bool>());
        Assert.Equal("/v1/responses", _first.Requests[0].Path);
        Assert.Equal(_first.Truth.Billed.Output.ToString(System.Globalization.CultureInfo.InvariantCulture), answer.Header("X-Infermux-Completion-Tokens"));
    }

    [Fact]
    public async Task Streamed_PassesEveryEventAndEndsWithWhatItCost()
    {
        _first.Behaviour = new Behaviour { Wire = new WireShape { SplitEvery = 7 }, Answer = new AnswerScript { Text = "naïve 🙂 answer", Reasoning = "let me think" } };

        var events = ResponsesEvents.Of(await AskAsync(""" "input":"hello","stream":true"""));

        Assert.Equal("naïve 🙂 answer", events.Joined("response.output_text.delta"));
        Assert.Equal("let me think", events.Joined("response.reasoning_summary_text.delta"));
        Assert.Equal("response.completed", events[^1].Type());
        Assert.Equal("first", Text(events[^1]["infermux"]!, "provider"));
        Assert.All(events.Where(e => e["response"] is not null), e => Assert.Equal("mine", Text(e["response"]!, "model")));
        Assert.Equal(_first.Truth.Billed.Output, events[^1]["response"]!["usage"]!["output_tokens"]!.GetValue<int>());
    }

    [Fact]
    public async Task Store_IsNeverAskedFor_AndNamedWhereItWas()
    {
        var answer = await AskAsync(""" "input":"hello","store":true""");

        Assert.Equal("store", answer.Header("X-Infermux-Dropped"));
        Assert.False(JsonNode.Parse(_first.Requests[0].Body)!["store"]!.GetValue<bool>());
    }

    [Fact]
    public async Task QuotaGoneAfterStatus200_FailsOverBeforeAnyOutput()
    {
        _first.Behaviour = new Behaviour { Fault = Fault.ErrorEvent, ErrorCode = "insufficient_quota", ErrorMessage = "You exceeded your current quota." };
        _second.Behaviour = Behaviour.Says("from the second");

        var answer = await AskAsync(""" "input":"hello","stream":true""");

        Assert.Equal("second", answer.Header("X-Infermux-Provider"));
        Assert.Equal("2", answer.Header("X-Infermux-Attempts"));
        Assert.Equal("from the second", ResponsesEvents.Of(answer).Joined("response.output_text.delta"));
    }

    [Fact]
    public async Task BreakAfterOutput_IsToldInTheStreamWithTheNextNumbers()
    {
        _first.Behaviour = Behaviour.Says("one two three") with { Fault = Fault.CutWithoutEnd, AfterEvents = 2 };

        var events = ResponsesEvents.Of(await AskAsync(""" "input":"hello","stream":true"""));

        Assert.Equal(["error", "response.failed"], events.TakeLast(2).Select(e => e.Type()));
        Assert.Equal("upstream_error", Text(events[^2]["error"]!, "code"));
        Assert.Equal(("failed", "upstream_error"), (Text(events[^1]["response"]!, "status"), Text(events[^1]["response"]!["error"]!, "code")));
        Assert.Equal(Text(events[0]["response"]!, "id"), Text(events[^1]["response"]!, "id"));
    }

    [Fact]
    public async Task EncryptedReasoning_IsMarkedGoesBackToItsMakerAndIsRemovedForAnother()
    {
        _second.Behaviour = _first.Behaviour = new Behaviour { Answer = new AnswerScript { Reasoning = "hm", Text = "done" } };
        const string Ask = """ "include":["reasoning.encrypted_content"],"input":[{"role":"user","content":"hi"}""";
        var first = await AskAsync(Ask + "]");
        var reasoning = first.Json["output"]![0]!;
        Assert.StartsWith("imx1.first.gpt-4o.gAAAA", Text(reasoning, "encrypted_content"), StringComparison.Ordinal);

        var history = $$"""{{Ask}},{{reasoning.ToJsonString()}},{{first.Json["output"]![1]!.ToJsonString()}},{"role":"user","content":"and?"}]""";
        var again = await AskAsync(history);
        Assert.Equal(200, again.Status);
        Assert.Null(again.Header("X-Infermux-Dropped"));
        Assert.Contains("\"gAAAA", _first.Requests[^1].Body, StringComparison.Ordinal);

        _first.Behaviour = Behaviour.Fails(503);
        var other = await AskAsync(history);
        Assert.Equal((200, "second", "reasoning_details"), (other.Status, other.Header("X-Infermux-Provider"), other.Header("X-Infermux-Dropped")));
        Assert.DoesNotContain("\"type\":\"reasoning\"", _second.Requests[^1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Maker_IsPreferredOverTheStrategy()
    {
        var answer = await AskAsync(
            """ "input":[{"role":"user","content":"hi"},{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"imx1.second.gpt-4o.gAAAAx"},{"type":"message","role":"assistant","content":"x"},{"role":"user","content":"?"}]""");

        Assert.Equal(("second", "priority"), (answer.Header("X-Infermux-Provider"), answer.Header("X-Infermux-Strategy")));
        Assert.Contains("\"encrypted_content\":\"gAAAAx\"", _second.Requests[^1].Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"previous_response_id\":\"resp_1\"", "previous_response_id")]
    [InlineData("\"conversation\":{\"id\":\"conv_1\"}", "conversation")]
    [InlineData("\"background\":true", "background")]
    [InlineData("\"prompt\":{\"id\":\"pmpt_1\"}", "prompt")]
    [InlineData("\"input\":[{\"type\":\"item_reference\",\"id\":\"rs_1\"}]", "input[0]")]
    public async Task State_IsRefusedByNameWithTheMend(string member, string param)
    {
        var answer = await AskAsync((member.StartsWith("\"input\"", StringComparison.Ordinal) ? "" : "\"input\":\"x\",") + member);

        Assert.Equal((400, "unsupported", param), (answer.Status, Text(answer.Json["error"]!, "code"), Text(answer.Json["error"]!, "param")));
        Assert.Contains("keeps", Text(answer.Json["error"]!, "message"), StringComparison.Ordinal);
        Assert.Empty(_first.Requests);
    }

    [Theory]
    [InlineData("GET", "/v1/responses/resp_1", 400)]
    [InlineData("DELETE", "/v1/responses/resp_1", 400)]
    [InlineData("POST", "/v1/responses/resp_1/cancel", 400)]
    [InlineData("GET", "/v1/responses/resp_1/input_items", 400)]
    [InlineData("POST", "/v1/responses/compact", 400)]
    [InlineData("GET", "/v1/responses", 405)]
    public async Task StoredResponses_AreRefusedClearly(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await _gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await Answer.ReadAsync(response);

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 400 ? "unsupported" : "method_not_allowed", Text(answer.Json["error"]!, "code"));
    }

    [Fact]
    public async Task WebSocket_IsAnswered426AtOnce()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/responses");
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.Add(new("websocket"));
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
        using var response = await _gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(426, (int)response.StatusCode);
        Assert.Contains("POST", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();
}
