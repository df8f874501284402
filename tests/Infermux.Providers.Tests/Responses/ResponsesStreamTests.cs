using System.Text;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Tests.Fixtures;
using Infermux.Testing;
using Xunit;

namespace Infermux.Providers.Tests.Responses;

public sealed class ResponsesStreamTests
{
    private const string Chat = """{"model":"mine","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"a"}}]}""";

    private static InferenceRequest Request => Runs.Request("""{"model":"mine","input":"x","stream":true}""");

    private static InferenceRequest ChatRequest => Runs.Request(Chat, Operation.ChatCompletions);

    /// <summary>Streams of Responses, the recorded ones too.</summary>
    public static TheoryData<string> Names =>
    [
        .. ResponsesReplies.All.Where(static reply => reply.Stream).Select(static reply => reply.Name),
        "openai/responses-stream-tools.http.json#0", "openai/responses-stream-tools.http.json#1",
    ];

    private static byte[] Of(string name) => name.Split('#') is [var file, var exchange]
        ? Recorded.Read(file)[int.Parse(exchange, System.Globalization.CultureInfo.InvariantCulture)].Body
        : ResponsesReplies.All.Single(reply => reply.Stream && reply.Name == name).Body;

    [Theory]
    [MemberData(nameof(Names))]
    public void SameDialect_PassesEveryEventInTheCallersName(string name)
    {
        var wire = Of(name);
        var run = Runs.Stream(Request, Runs.OpenAi(), wire);
        Assert.Null(run.Message);
        Assert.True(run.Progress.HasFlag(StreamProgress.Content | StreamProgress.Ended), run.Progress.ToString());
        Assert.Equal(Encoding.UTF8.GetString(wire).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Length, run.Events().Count);
        Assert.Equal(Enumerable.Range(0, run.Events().Count), run.Events().Select(e => e.GetProperty("sequence_number").GetInt32()));
        Assert.All(run.Events().Where(e => e.TryGetProperty("response", out _)), e => Assert.Equal("mine", e.GetProperty("response").GetProperty("model").GetString()));
        Assert.Equal(1, run.Events()[^1].GetProperty("infermux").GetProperty("cost_usd").GetInt32());
        Assert.All(run.Text.Split("\"encrypted_content\":\"").Skip(1), value => Assert.StartsWith("imx1.openai.gpt-6%2E1-sol.", value, StringComparison.Ordinal));
    }

    [Fact]
    public void Chat_OfATextAnswer_IsPutTogetherByAppending()
    {
        var run = Runs.Stream(ChatRequest, Runs.OpenAi(), Of(nameof(ResponsesReplies.Text)));
        Assert.Equal("naïve 🙂 ж", Raw(run, "content"));
        Assert.Equal("stop", Finish(run));
        Assert.Equal(("priority", 10L), (run.Tier, run.Characters));
        var usage = run.Events()[^1].GetProperty("usage");
        Assert.Equal((1000, 600, 20), (usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32(), usage.GetProperty("completion_tokens_details").GetProperty("reasoning_tokens").GetInt32()));
        Assert.EndsWith("data: [DONE]\n\n", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Chat_OfToolCalls_NumbersThemAndTellsWhereReasoningStood()
    {
        var run = Runs.Stream(ChatRequest, Runs.OpenAi(), Of(nameof(ResponsesReplies.Tools)));
        var deltas = run.Events().SelectMany(e => e.GetProperty("choices").EnumerateArray()).Select(c => c.GetProperty("delta")).ToList();
        var calls = deltas.Where(d => d.TryGetProperty("tool_calls", out _)).Select(d => d.GetProperty("tool_calls")[0]).ToList();
        Assert.Equal([0, 0, 0, 1, 1, 2, 2], calls.Select(c => c.GetProperty("index").GetInt32()));
        Assert.Equal("{\"n\":1}", string.Concat(calls.Where(c => c.TryGetProperty("function", out _)).Take(3).Select(c => c.GetProperty("function").GetProperty("arguments").GetString())));
        Assert.Equal(("custom", "edit"), (calls[3].GetProperty("type").GetString(), calls[3].GetProperty("custom").GetProperty("name").GetString()));
        Assert.Equal("{\"whole\":true}", calls[^1].GetProperty("function").GetProperty("arguments").GetString());
        var details = deltas.Where(d => d.TryGetProperty("reasoning_details", out _)).Select(d => d.GetProperty("reasoning_details")[0]).ToList();
        Assert.Equal(["rs_1", "rs_2"], details.Select(d => d.GetProperty("id").GetString()));
        Assert.False(details[0].TryGetProperty("before", out _));
        Assert.Equal("call_2", details[1].GetProperty("before").GetString());
        Assert.Equal(("look up", "tool_calls"), (Raw(run, "reasoning_content"), Finish(run)));
    }

    [Theory]
    [InlineData(nameof(ResponsesReplies.Refusal), "refusal", "I can't", "stop")]
    [InlineData(nameof(ResponsesReplies.Incomplete), "content", "cut", "length")]
    public void Chat_OfOtherEnds_SaysThemInItsWords(string name, string member, string text, string finish)
    {
        var run = Runs.Stream(ChatRequest, Runs.OpenAi(), Of(name));
        Assert.Equal((text, finish), (Raw(run, member), Finish(run)));
    }

    public static TheoryData<string, FailureClass, bool> Failures => new()
    {
        { """{"type":"error","code":"insufficient_quota","message":"You exceeded your current quota","param":null}""", FailureClass.QuotaExhausted, false },
        { """{"type":"error","error":{"type":"insufficient_quota","code":"insufficient_quota","message":"m","param":null}}""", FailureClass.QuotaExhausted, false },
        { Failed("rate_limit_exceeded", "Rate limit reached. Please try again in 1.5s."), FailureClass.RateLimited, false },
        { Failed("server_error", "oops"), FailureClass.ServerFault, false },
        { Failed("server_is_overloaded", "busy"), FailureClass.Overloaded, false },
        { Failed("context_length_exceeded", "Your input exceeds the context window of this model."), FailureClass.ContextTooLong, false },
        { Failed("invalid_prompt", "no"), FailureClass.CallerFault, false },
        { Failed("bio_policy", "no"), FailureClass.CallerFault, false },
        { Failed("invalid_image_format", "no"), FailureClass.CallerFault, false },
        { Failed("image_too_large", "no"), FailureClass.CallerFault, false },
        { Failed("failed_to_download_image", "no"), FailureClass.CallerFault, false },
        { Failed("data_residency_mismatch", "no"), FailureClass.CallerFault, false },
        { Failed("vector_store_timeout", "no"), FailureClass.ServerFault, false },
        { Failed("a_later_code", "no"), FailureClass.ServerFault, false },
        { "not json", FailureClass.ServerFault, true },
        { "[]", FailureClass.ServerFault, true },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Failure_AfterStatus200_IsClassifiedAndNotPassedOn(string data, FailureClass expected, bool raw)
    {
        var opening = ResponsesReplies.Wire(ResponsesReplies.Life("response.created", "in_progress"), ResponsesReplies.Life("response.in_progress", "in_progress"));
        var wire = Encoding.UTF8.GetBytes(opening + (raw ? $"data: {data}\n\n" : ResponsesReplies.Wire(data)));
        foreach (var request in (InferenceRequest[])[Request, ChatRequest])
        {
            var run = Runs.Stream(request, Runs.OpenAi(), wire);
            Assert.Equal(expected, run.Failure);
            Assert.False(run.Progress.HasFlag(StreamProgress.Content), "nothing was said yet, so another provider may answer");
            Assert.DoesNotContain("error\":{", run.Text, StringComparison.Ordinal);
            Runs.SameInAnyChunking(request, Runs.OpenAi(), wire);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("event: response.created\ndata: {\"type\":\"response.created\",\"response\":{}}\n\n")]
    public void End_WithoutItsTerminalEvent_IsABrokenStream(string wire)
    {
        Assert.Equal(FailureClass.BrokenStream, Runs.Stream(Request, Runs.OpenAi(), Encoding.UTF8.GetBytes(wire)).Failure);
        Assert.Equal(FailureClass.BrokenStream, Runs.Stream(ChatRequest, Runs.OpenAi(), Encoding.UTF8.GetBytes(wire)).Failure);
    }

    [Theory]
    [InlineData("""{"error":{"message":"Incorrect API key provided: sk-abc123456","type":"invalid_request_error","code":"invalid_api_key"}}""", FailureClass.BadCredential)]
    [InlineData("<html><title>Welcome</title></html>", FailureClass.ServerFault)]
    public void Body_ThatIsNoStream_IsReadAsWhatItIs(string wire, FailureClass expected)
    {
        Assert.Equal(expected, Runs.Stream(Request, Runs.OpenAi(), Encoding.UTF8.GetBytes(wire)).Failure);
        Assert.Equal(expected, Runs.Stream(ChatRequest, Runs.OpenAi(), Encoding.UTF8.GetBytes(wire)).Failure);
    }

    [Fact]
    public void Event_WithSomethingBehindItsObject_IsNotPassedOn()
    {
        var run = Runs.Stream(Request, Runs.OpenAi(), "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{}} {}\n\n"u8.ToArray());
        Assert.Equal((FailureClass.ServerFault, ""), (run.Failure, run.Text));
    }

    [Fact]
    public void Model_ThatIsNoName_IsReplacedAllTheSame()
    {
        var run = Runs.Stream(Request, Runs.OpenAi(), "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"model\":{\"a\":[1]},\"id\":\"r\"}}\n\n"u8.ToArray());
        Assert.Equal("""{"type":"response.created","response":{"model":"mine","id":"r"}}""", run.Events()[0].GetRawText());
    }

    private static string Failed(string code, string message) =>
        $$"""{"response":{"id":"resp_1","object":"response","status":"failed","error":{"code":"{{code}}","message":"{{message}}"},"output":[],"usage":null},"type":"response.failed"}""";

    private static string Raw(Runs.Run run, string member) => JsonSerializer.Deserialize<string>("\"" + string.Concat(run.Text.Split($"\"{member}\":\"").Skip(1).Select(UntilQuote)) + "\"")!;

    private static string UntilQuote(string text)
    {
        var at = 0;
        while (text[at] != '"')
        {
            at += text[at] == '\\' ? 2 : 1;
        }

        return text[..at];
    }

    private static string? Finish(Runs.Run run) => run.Events().SelectMany(e => e.GetProperty("choices").EnumerateArray())
        .Select(c => c.GetProperty("finish_reason").GetString()).SingleOrDefault(reason => reason is not null);
}
