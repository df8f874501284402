using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Tests.Fixtures;
using Xunit;
using static Infermux.Providers.Tests.Anthropic.Translation;

namespace Infermux.Providers.Tests.Anthropic;

public sealed class AnthropicAnswerTests
{
    private const string Schema = """ "response_format":{"type":"json_schema","json_schema":{"name":"reply","schema":{"type":"object"}}} """;

    [Theory]
    [InlineData("end_turn", "stop")]
    [InlineData("stop_sequence", "stop")]
    [InlineData("pause_turn", "stop")]
    [InlineData("max_tokens", "length")]
    [InlineData("model_context_window_exceeded", "length")]
    [InlineData("refusal", "content_filter")]
    [InlineData("of_a_later_time", "stop")]
    public void StopReason_OfAWholeAnswerAndAStream_IsOpenAis(string reason, string expected)
    {
        var (_, json) = Whole(Message("""{"type":"text","text":"x"}""", reason));
        Assert.Equal(expected, json.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        var stream = Stream([Start, Delta("text_delta", "text", "x"), Ending(reason), Stop]);
        Assert.Equal(expected, stream.Finish());
    }

    [Fact]
    public void ToolUse_OfAWholeAnswer_BecomesCallsWithTheInputAsItWasWritten()
    {
        var (answer, json) = Whole(Message("""{"type":"thinking","thinking":"hm","signature":"s"},{"type":"tool_use","id":"toolu_1","name":"f","input":{"a": 1.50}}""", "tool_use"));
        var choice = json.GetProperty("choices")[0];
        var call = choice.GetProperty("message").GetProperty("tool_calls")[0];
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(JsonValueKind.Null, choice.GetProperty("message").GetProperty("content").ValueKind);
        Assert.Equal("hm", choice.GetProperty("message").GetProperty("reasoning_content").GetString());
        Assert.Equal("toolu_1", call.GetProperty("id").GetString());
        Assert.Equal("""{"a": 1.50}""", call.GetProperty("function").GetProperty("arguments").GetString());
        Assert.Equal(2 + """{"a": 1.50}""".Length, answer.OutputCharacters);
    }

    [Fact]
    public void EmptyContent_BecomesAnEmptyTextAndNotNull()
    {
        var (_, json) = Whole(Message("", "end_turn"));
        Assert.Equal("", json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("mine", json.GetProperty("model").GetString());
    }

    [Theory] // usage as sent → fresh, read, written, written for an hour, output, reasoning
    [InlineData("""{"input_tokens":10,"output_tokens":5}""", 10, 0, 0, 0, 5, 0)]
    [InlineData("""{"input_tokens":10,"cache_read_input_tokens":100,"cache_creation_input_tokens":30,"output_tokens":5}""", 10, 100, 30, 0, 5, 0)]
    [InlineData("""{"input_tokens":1,"cache_creation_input_tokens":30,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20},"output_tokens":5}""", 1, 0, 10, 20, 5, 0)]
    [InlineData("""{"input_tokens":1,"output_tokens":50,"output_tokens_details":{"thinking_tokens":40}}""", 1, 0, 0, 0, 50, 40)]
    [InlineData("""{"input_tokens":0,"output_tokens":0}""", 0, 0, 0, 0, 0, 0)]
    public void Usage_KeepsCachedTokensBesideTheInputAndShowsThemInsideThePrompt(string usage, long fresh, long read, long write, long hour, long output, long reasoning)
    {
        var expected = new TokenUsage(fresh, read, write, hour, output, reasoning);
        var (answer, json) = Whole(Message("""{"type":"text","text":"x"}""", "end_turn", usage));
        Assert.Equal(expected, answer.Usage);
        var shown = json.GetProperty("usage");
        Assert.Equal(fresh + read + write + hour, shown.GetProperty("prompt_tokens").GetInt64());
        Assert.Equal(fresh + read + write + hour + output, shown.GetProperty("total_tokens").GetInt64());
        Assert.Equal((read, write + hour), (shown.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt64(), shown.GetProperty("prompt_tokens_details").GetProperty("cache_write_tokens").GetInt64()));
        var stream = Stream([Start, Delta("text_delta", "text", "x"), Ending("end_turn", usage), Stop]);
        Assert.Equal(expected, stream.Usage);
        Assert.Equal(shown.GetRawText(), stream.Chunks()[^1].GetProperty("usage").GetRawText());
    }

    [Fact]
    public void Usage_ThatIsNotThere_IsNull() => Assert.Null(Whole("""{"type":"message","content":[],"stop_reason":"end_turn"}""").Answer.Usage);

    [Theory]
    [InlineData("claude-opus-4-8", 18)]
    [InlineData("claude-opus-5", 0)]
    public void Refusal_BeforeAnyOutput_IsBilledOnlyByOlderModels(string model, long prompt)
    {
        const string usage = """{"input_tokens":18,"output_tokens":0}""";
        var (answer, json) = Whole(Message("", "refusal", usage), model: model);
        Assert.Equal(prompt, answer.Usage!.Value.Prompt);
        Assert.Equal("The model declined to answer this request.", json.GetProperty("choices")[0].GetProperty("message").GetProperty("refusal").GetString());
        Assert.Equal(prompt, Stream([Start, Ending("refusal", usage), Stop], model: model).Usage!.Value.Prompt);
    }

    [Fact]
    public void ForcedAnswerTool_OfAnOlderModel_ComesBackAsText()
    {
        var (_, json) = Whole(Message("""{"type":"tool_use","id":"t","name":"reply","input":{"a":"ü"}}""", "tool_use"), $"{Hi},{Schema}", Old);
        var choice = json.GetProperty("choices")[0];
        Assert.Equal("""{"a":"ü"}""", choice.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        var stream = Stream([Start, Tool(0, "t", "reply"), Delta("input_json_delta", "partial_json", "{\"a\":"), Delta("input_json_delta", "partial_json", "1}"), BlockStop(0), Ending("tool_use"), Stop], $"{Hi},{Schema}", Old);
        Assert.Equal(("{\"a\":1}", "stop", 0), (stream.Joined("content"), stream.Finish(), stream.Calls().Count));
    }

    [Theory]
    [InlineData("<html><title>Oops</title></html>", FailureClass.ServerFault)]
    [InlineData("", FailureClass.ServerFault)]
    [InlineData("{\"choices\":[]}", FailureClass.ServerFault)]
    [InlineData("{\"type\":\"message\",\"content\":[{\"type\":\"te", FailureClass.ServerFault)]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"busy"}}""", FailureClass.Overloaded)]
    public void WholeAnswer_ThatIsNone_IsAFailure(string body, FailureClass expected) => Assert.Equal(expected, Whole(body).Answer.Failure?.Class);

    [Theory] // protocols 6.6 and 14.2
    [InlineData(400, "invalid_request_error", "max_tokens: Field required", FailureClass.CallerFault)]
    [InlineData(400, "invalid_request_error", "prompt is too long: 3333404 tokens > 200000 maximum", FailureClass.ContextTooLong)]
    [InlineData(400, "invalid_request_error", "You have reached your specified API usage limits. You will regain access on 2026-12-01.", FailureClass.QuotaExhausted)]
    [InlineData(400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API.", FailureClass.QuotaExhausted)]
    [InlineData(401, "authentication_error", "invalid x-api-key", FailureClass.BadCredential)]
    [InlineData(403, "permission_error", "no", FailureClass.BadCredential)]
    [InlineData(402, "billing_error", "pay", FailureClass.QuotaExhausted)]
    [InlineData(404, "not_found_error", "model: x", FailureClass.ModelMissing)]
    [InlineData(409, "conflict_error", "again", FailureClass.ServerFault)]
    [InlineData(413, "request_too_large", "too large", FailureClass.ContextTooLong)]
    [InlineData(429, "rate_limit_error", "slow", FailureClass.RateLimited)]
    [InlineData(500, "api_error", "oops", FailureClass.ServerFault)]
    [InlineData(504, "timeout_error", "late", FailureClass.ServerFault)]
    [InlineData(529, "overloaded_error", "busy", FailureClass.Overloaded)]
    public void Failure_ByTypeAndText_HasItsClassAndOpenAisShape(int status, string type, string message, FailureClass expected)
    {
        var failure = Failure(status, $$$"""{"type":"error","error":{"type":"{{{type}}}","message":"{{{message}}}"},"request_id":"r"}""");
        Assert.Equal((expected, status, message), (failure.Class, failure.Status, failure.Message));
        using var relayed = JsonDocument.Parse(failure.RelayBody);
        Assert.Equal(message, relayed.RootElement.GetProperty("error").GetProperty("message").GetString());
        if (expected == FailureClass.ContextTooLong)
        {
            Assert.Equal("context_length_exceeded", relayed.RootElement.GetProperty("error").GetProperty("code").GetString());
        }
    }

    [Theory]
    [InlineData(429, """{"type":"error","error":{"type":"rate_limit_error","message":"m","details":{"error_code":"enforced_spend_limit_reached"}}}""", FailureClass.QuotaExhausted)]
    [InlineData(529, "<html>", FailureClass.Overloaded)]
    [InlineData(503, "", FailureClass.Overloaded)]
    [InlineData(502, "Bad gateway", FailureClass.ServerFault)]
    [InlineData(413, "too large", FailureClass.ContextTooLong)]
    [InlineData(422, "", FailureClass.CallerFault)]
    public void Failure_WithoutAKnownType_IsClassedByWhatThereIs(int status, string body, FailureClass expected) => Assert.Equal(expected, Failure(status, body).Class);

    [Fact]
    public void Failure_NeverShowsAKey() =>
        Assert.DoesNotContain("secret", Failure(401, """{"type":"error","error":{"type":"authentication_error","message":"bad key sk-ant-secret123"}}""").Message, StringComparison.Ordinal);

    [Fact]
    public void RetryAfter_IsTheHeaderElseTheResetOfWhatIsUsedUp()
    {
        Assert.Equal(TimeSpan.FromSeconds(7), Failure(429, "{}", ("retry-after", "7")).RetryAfter);
        Assert.Null(Failure(429, "{}", ("retry-after", "soon")).RetryAfter);
        var date = new DateTimeOffset(2026, 11, 1, 10, 0, 0, TimeSpan.Zero);
        var reset = Failure(
            429, "{}", ("date", date.ToString("R", CultureInfo.InvariantCulture)), ("anthropic-ratelimit-requests-remaining", "5"), ("anthropic-ratelimit-requests-reset", "2026-11-01T11:00:00Z"),
            ("anthropic-ratelimit-input-tokens-remaining", "0"), ("anthropic-ratelimit-input-tokens-reset", "2026-11-01T10:00:30Z"));
        Assert.Equal(TimeSpan.FromSeconds(30), reset.RetryAfter);
    }

    [Fact]
    public void Recording_TooLong_IsContextTooLong()
    {
        var (_, status, _, body) = Recorded.Read("anthropic/messages-400-too-long.http.json")[0];
        Assert.Equal(FailureClass.ContextTooLong, Failure(status, Encoding.UTF8.GetString(body)).Class);
    }

    [Fact]
    public void Recording_CacheUsage_CountsReadAndWrittenApart()
    {
        var exchanges = Recorded.Read("anthropic/messages-cache-usage.http.json");
        var first = Whole(Encoding.UTF8.GetString(exchanges[0].Body)).Answer.Usage!.Value;
        var second = Whole(Encoding.UTF8.GetString(exchanges[1].Body)).Answer.Usage!.Value;
        Assert.Equal((new TokenUsage(3, 1111, Output: 406), new TokenUsage(3, 1111, 418, Output: 33)), (first, second));
    }

    [Fact]
    public void Recording_ParallelTools_HasFourCalls()
    {
        var (answer, json) = Whole(Encoding.UTF8.GetString(Recorded.Read("anthropic/messages-parallel-tools.http.json")[0].Body));
        var calls = json.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls").EnumerateArray().ToList();
        Assert.Equal("Alice Bob Charlie Daisy", string.Join(' ', calls.Select(static c => JsonDocument.Parse(c.GetProperty("function").GetProperty("arguments").GetString()!).RootElement.GetProperty("name").GetString())));
        Assert.Equal(new TokenUsage(423, Output: 202), answer.Usage);
    }

    private static ProviderFailure Failure(int status, string body, params (string Name, string Value)[] headers)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return Dialect.ReadFailure(status, response.Headers, Encoding.UTF8.GetBytes(body));
    }

    private static string Message(string blocks, string reason, string usage = """{"input_tokens":3,"output_tokens":2}""") =>
        $$"""{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{{blocks}}],"stop_reason":"{{reason}}","stop_sequence":null,"usage":{{usage}}}""";

    internal const string Start = """{"type":"message_start","message":{"id":"msg_1","content":[],"usage":{"output_tokens":0}}}""";

    internal const string Stop = """{"type":"message_stop"}""";

    internal static string Ending(string reason, string usage = """{"input_tokens":3,"output_tokens":2}""") =>
        $$$"""{"type":"message_delta","delta":{"stop_reason":"{{{reason}}}","stop_sequence":null},"usage":{{{usage}}} }""";

    internal static string Delta(string type, string member, string text, int index = 0) =>
        $$"""{"type":"content_block_delta","index":{{index}},"delta":{"type":"{{type}}","{{member}}":{{JsonSerializer.Serialize(text)}} } }""";

    internal static string Tool(int index, string id, string name) =>
        $$$"""{"type":"content_block_start","index":{{{index}}},"content_block":{"type":"tool_use","id":"{{{id}}}","name":"{{{name}}}","input":{} } }""";

    internal static string BlockStop(int index) => $$"""{"type":"content_block_stop","index":{{index}}}""";
}
