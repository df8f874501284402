using System.Text;
using CsCheck;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Tests.Fixtures;
using Xunit;
using static Infermux.Providers.Tests.Anthropic.AnthropicAnswerTests;
using static Infermux.Providers.Tests.Anthropic.Translation;

namespace Infermux.Providers.Tests.Anthropic;

public sealed class AnthropicStreamTests
{
    private const string Ping = """{"type":"ping"}""";

    private static readonly string[] Rich =
    [
        Start, Ping,
        """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
        Delta("thinking_delta", "thinking", "hm 🙂"), Delta("signature_delta", "signature", "c2ln"), BlockStop(0),
        """{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}""", Delta("text_delta", "text", "naïve \"q\"\n", 1), BlockStop(1),
        Tool(2, "toolu_a", "f"), Delta("input_json_delta", "partial_json", "", 2), Delta("input_json_delta", "partial_json", "{\"x\":\"é", 2), Delta("input_json_delta", "partial_json", "\"}", 2), BlockStop(2),
        Tool(3, "toolu_b", "g"), BlockStop(3),
        Ending("tool_use", """{"input_tokens":7,"cache_read_input_tokens":2,"output_tokens":9}"""), Stop,
    ];

    [Fact]
    public void Stream_WithEverythingInIt_BecomesChunks()
    {
        var run = Stream(Rich);
        Assert.Equal(("hm 🙂", "naïve \"q\"\n", "tool_calls"), (run.Joined("reasoning_content"), run.Joined("content"), run.Finish()));
        Assert.Equal([("toolu_a", "f", "{\"x\":\"é\"}"), ("toolu_b", "g", "{}")], run.Calls());
        Assert.Equal(new TokenUsage(7, 2, Output: 9), run.Usage);
        Assert.True(run.Ended);
        Assert.Equal("[DONE]", run.Events().Last());
        Assert.All(run.Chunks(), static chunk => Assert.Equal("mine msg_1", $"{chunk.GetProperty("model").GetString()} {chunk.GetProperty("id").GetString()}"));
        Assert.Equal(1, run.Chunks()[^1].GetProperty("infermux").GetProperty("cost_usd").GetInt32());
    }

    [Fact]
    public void Stream_InAnyChunking_GivesTheSameBytes()
    {
        var expected = Stream(Rich);
        var wire = Wire(Rich);
        Gen.Int[1, 90].Array[1, 6].Sample(sizes => Assert.Equal(expected, Stream(wire, sizes)), iter: 300);
    }

    [Fact]
    public void Stream_CutAnywhere_IsNeverAnAnswer()
    {
        var wire = Wire(Rich);
        var whole = Encoding.UTF8.GetString(wire).IndexOf("event: message_stop", StringComparison.Ordinal);
        Gen.Int[0, whole].Sample(length =>
        {
            var run = Stream(wire[..length], [64]);
            Assert.NotNull(run.Failure);
            Assert.DoesNotContain("[DONE]", run.Text, StringComparison.Ordinal);
        }, iter: 200);
    }

    [Fact]
    public void SurrogatePair_CutBetweenTwoEvents_IsPutTogetherAgainByTheReader()
    {
        var run = Stream([Start, """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\ud83d"}}""", """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\ude42"}}""", Ending("end_turn"), Stop]);
        Assert.Contains("\"content\":\"\\ud83d\"", run.Text, StringComparison.Ordinal);
        Assert.Contains("\"content\":\"\\ude42\"", run.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("overloaded_error", FailureClass.Overloaded)]
    [InlineData("api_error", FailureClass.ServerFault)]
    [InlineData("rate_limit_error", FailureClass.RateLimited)]
    public void ErrorEvent_AtAnyPlace_FailsTheStreamAndKeepsTheUsageSoFar(string type, FailureClass expected)
    {
        var error = $$$"""{"type":"error","error":{"type":"{{{type}}}","message":"no"}}""";
        Assert.Equal(expected, Stream([error]).Failure);
        var late = Stream([Start, Delta("text_delta", "text", "x"), error, Delta("text_delta", "text", "after")]);
        Assert.Equal((expected, "x", new TokenUsage(0)), (late.Failure, late.Joined("content"), late.Usage));
    }

    [Theory]
    [InlineData("<html><title>Hello</title>\n</html>\n", FailureClass.ServerFault)]
    [InlineData("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}\n", FailureClass.Overloaded)]
    [InlineData("event: message_start\ndata: {\"type\":\n\n", FailureClass.ServerFault)]
    [InlineData("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n", FailureClass.ServerFault)]
    [InlineData("", FailureClass.BrokenStream)]
    [InlineData(": comment\n\n", FailureClass.BrokenStream)]
    public void Body_ThatIsNoStreamOfAMessage_Fails(string body, FailureClass expected) => Assert.Equal(expected, Stream(Encoding.UTF8.GetBytes(body), [5]).Failure);

    [Fact]
    public void Progress_TellsSignsOfLifeFromContent()
    {
        var translator = Dialect.CreateStream(Inbound($$"""{"model":"mine","stream":true,{{Hi}}}"""), Target());
        StreamProgress Push(string data) => translator.Push(Wire([data]), new System.Buffers.ArrayBufferWriter<byte>());
        Assert.Equal(StreamProgress.Alive, Push(Start));
        Assert.Equal(StreamProgress.Alive, Push(Ping));
        Assert.Equal(StreamProgress.Alive, Push(Delta("text_delta", "text", "")));
        Assert.Equal(StreamProgress.Alive, Push("""{"type":"of_a_later_time"}"""));
        Assert.Equal(StreamProgress.Progress | StreamProgress.Content, Push(Delta("text_delta", "text", "x")));
        Assert.Equal(StreamProgress.Progress | StreamProgress.Content, Push(Tool(1, "t", "f")));
        Assert.Equal(StreamProgress.Progress, Push(Ending("tool_use")));
        Assert.Equal(StreamProgress.Ended, Push(Stop));
        Assert.Equal(StreamProgress.None, Push(Delta("text_delta", "text", "after the end")));
    }

    [Fact]
    public void SecondMessageStart_ChangesCountsAndNothingElse()
    {
        var again = """{"type":"message_start","message":{"id":"msg_2","usage":{"input_tokens":50}}}""";
        var run = Stream([Start, Delta("text_delta", "text", "a"), again, Delta("text_delta", "text", "b"), Ending("end_turn", """{"output_tokens":2}"""), Stop]);
        Assert.Equal(("ab", new TokenUsage(50, Output: 2)), (run.Joined("content"), run.Usage));
        Assert.Single(run.Chunks().Select(static chunk => chunk.GetProperty("id").GetString()).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public void UsageChunk_NotAskedFor_IsNotSent()
    {
        var translator = Dialect.CreateStream(Inbound($$"""{"model":"mine","stream":true,{{Hi}}}"""), Target());
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        translator.Push(Wire(Rich), output);
        translator.Complete(new TokenUsage(1), "{}"u8, output);
        var text = Encoding.UTF8.GetString(output.WrittenSpan);
        Assert.DoesNotContain("usage", text, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Recording_Tools_HasOneCallWithoutArguments()
    {
        var run = Stream(Recorded.Read("anthropic/messages-stream-tools.http.json")[0].Body, [100]);
        Assert.Equal(("pelican_name_generator", "{}"), (run.Calls().Single().Name, run.Calls().Single().Arguments));
        Assert.Equal((new TokenUsage(543, Output: 40), "tool_calls", true), (run.Usage, run.Finish(), run.Ended));
    }

    [Fact]
    public void Recording_Thinking_IsReasoningThenText()
    {
        var run = Stream(Recorded.Read("anthropic/messages-stream-thinking.http.json")[0].Body, [100]);
        Assert.True(run.Joined("reasoning_content").Length > 0 && run.Joined("content").Length > 0 && run.Ended);
    }

    [Fact]
    public void Recording_Refusal_IsAContentFilterWithItsExplanation()
    {
        var run = Stream(Recorded.ReadChunks("anthropic/messages-stream-refusal.chunks.txt"), [100], model: "claude-fable-5");
        Assert.Equal(("content_filter", new TokenUsage(0)), (run.Finish(), run.Usage));
        Assert.StartsWith("This request triggered", run.Joined("refusal"), StringComparison.Ordinal);
    }
}
