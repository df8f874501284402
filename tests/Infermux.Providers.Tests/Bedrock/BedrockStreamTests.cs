using System.Text;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Pivot;
using Infermux.Providers.Tests.Anthropic;
using Infermux.Providers.Tests.Fixtures;
using Infermux.Providers.Tests.Pivot;
using Infermux.Testing;
using Xunit;
using static Infermux.Providers.Tests.Bedrock.Converse;

namespace Infermux.Providers.Tests.Bedrock;

public sealed class BedrockStreamTests
{
    private static readonly byte[][] Rich =
    [
        Start,
        Delta(0, """ "reasoningContent":{"text":"hm "} """), Delta(0, """ "reasoningContent":{"text":"🙂 \"q\""} """), Delta(0, """ "reasoningContent":{"signature":"c2ln"} """), BlockStop(0),
        Delta(1, """ "reasoningContent":{"redactedContent":"AAEC"} """), BlockStop(1),
        Text("naïve \"q\"\n", 2), Text("", 2), BlockStop(2),
        Tool(3, "tooluse_a", "f"), Input("", 3), Input("{\"x\":\"é", 3), Input("\"}", 3), BlockStop(3),
        Tool(4, "tooluse_b", "g"), BlockStop(4),
        Event("ofALaterTime", "\"x\":1"),
        Stop("tool_use"), Metadata("""{"inputTokens":7,"cacheReadInputTokens":2,"outputTokens":9,"totalTokens":18}"""),
    ];

    private static readonly byte[] RichWire = [.. Rich.SelectMany(static frame => frame)];

    [Fact]
    public void Stream_WithEverythingInIt_BecomesChunks()
    {
        var run = Stream(Rich);
        Assert.Null(run.Failure);
        Assert.Equal(("hm 🙂 \"q\"", "naïve \"q\"\n", "tool_calls"), (run.Joined("reasoning_content"), run.Joined("content"), run.Finish()));
        Assert.Equal([("tooluse_a", "f", "{\"x\":\"é\"}"), ("tooluse_b", "g", "{}")], run.Calls());
        Assert.Equal((new TokenUsage(7, 2, Output: 9), true, "[DONE]"), (run.Usage, run.Ended, run.Events().Last()));
        Assert.All(run.Chunks(), static chunk => Assert.Equal("mine chatcmpl-r1", $"{chunk.GetProperty("model").GetString()} {chunk.GetProperty("id").GetString()}"));
        var details = run.Deltas().Where(static delta => delta.TryGetProperty("reasoning_details", out _)).Select(static delta => delta.GetProperty("reasoning_details")[0]).ToList();
        Assert.Equal(("hm 🙂 \"q\"", OpaqueMark.Add(Target(), "c2ln"), 0), (details[0].GetProperty("text").GetString(), details[0].GetProperty("signature").GetString(), details[0].GetProperty("index").GetInt32()));
        Assert.Equal((OpaqueMark.Add(Target(), "AAEC"), 1), (details[1].GetProperty("data").GetString(), details[1].GetProperty("index").GetInt32()));
    }

    [Fact]
    public void Stream_CutAtEveryByteAndInPiecesOfEverySize_GivesTheSameBytes() => SameInAnyChunking(RichWire);

    [Fact]
    public void Recording_InAnyChunking_GivesTheSameBytes() => SameInAnyChunking(Recorded.Read("bedrock/converse-stream-tools.http.json")[0].Body);

    [Fact]
    public void Stream_CutAnywhere_IsNeverAnAnswer()
    {
        for (var length = 0; length < RichWire.Length; length++)
        {
            var run = Stream(RichWire[..length], [64]);
            Assert.Equal((FailureClass.BrokenStream, false), (run.Failure, run.Ended));
        }
    }

    [Fact]
    public void Stream_WithAByteChangedAnywhere_IsNeverAnAnswer()
    {
        for (var at = 0; at < RichWire.Length; at++)
        {
            var changed = (byte[])RichWire.Clone();
            changed[at] ^= 0x20;
            Assert.NotNull(Stream(changed, [100]).Failure);
        }
    }

    [Theory]
    [InlineData("<html><title>Hello</title>\n</html>\n", FailureClass.ServerFault)]
    [InlineData("{\"message\":\"Too many requests\",\"__type\":\"ThrottlingException\"}", FailureClass.RateLimited)]
    [InlineData("", FailureClass.BrokenStream)]
    [InlineData("data: {\"choices\":[]}\n\n", FailureClass.ServerFault)]
    public void Body_ThatIsNoEventStream_Fails(string body, FailureClass expected) => Assert.Equal(expected, Stream(Encoding.UTF8.GetBytes(body), [5]).Failure);

    [Fact]
    public void Body_ThatGoesOnAsWords_IsNotReadForEver()
    {
        var translator = Dialect.CreateStream(Inbound(Hi, stream: true), Target());
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        Assert.Equal(StreamProgress.None, translator.Push(new byte[4_000], output));
        Assert.Equal(StreamProgress.Failed, translator.Push(new byte[100], output));
    }

    [Fact]
    public void Progress_TellsSignsOfLifeFromContent()
    {
        var translator = Dialect.CreateStream(Inbound(Hi, stream: true), Target());
        StreamProgress Push(byte[] frame) => translator.Push(frame, new System.Buffers.ArrayBufferWriter<byte>());
        Assert.Equal(StreamProgress.Alive, Push(Start));
        Assert.Equal(StreamProgress.Alive, Push(Text("")));
        Assert.Equal(StreamProgress.Alive, Push(Event("ofALaterTime", "\"x\":1")));
        Assert.Equal(StreamProgress.None, Push(Text("cut")[..9]));
        Assert.Equal(StreamProgress.Progress | StreamProgress.Content, Push(Text("cut")[9..]));
        Assert.Equal(StreamProgress.Progress | StreamProgress.Content, Push(Tool(1, "t", "f")));
        Assert.Equal(StreamProgress.Progress | StreamProgress.Content, Push(Stop("tool_use"))); // the call without input becomes {}
        Assert.Equal(StreamProgress.Progress | StreamProgress.Ended, Push(Metadata()));
        Assert.Equal(StreamProgress.None, Push(Text("after the end")));
    }

    [Fact]
    public void MessageStop_IsNotTheEnd()
    {
        var run = Stream([Start, Text("x"), Stop()]);
        Assert.Equal((FailureClass.BrokenStream, false), (run.Failure, run.Ended));
        Assert.DoesNotContain("[DONE]", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void BlocksStillOpenAtTheEnd_AreClosed()
    {
        var run = Stream([Delta(0, """ "reasoningContent":{"text":"t"} """), Delta(0, """ "reasoningContent":{"signature":"s"} """), Tool(1, "a", "f"), Stop("tool_use"), Metadata()]);
        Assert.Equal([("a", "f", "{}")], run.Calls());
        Assert.Contains("reasoning_details", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void SurrogatePair_CutBetweenTwoEvents_IsPutTogetherAgainByTheReader()
    {
        var run = Stream([Start, Delta(0, """ "text":"\ud83d" """), Delta(0, """ "text":"\ude42" """), Stop(), Metadata()]);
        Assert.Contains("\"content\":\"\\ud83d\"", run.Text, StringComparison.Ordinal);
        Assert.Contains("\"content\":\"\\ude42\"", run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ToolBlocks_WithoutEnd_AreRefusedAtSomeNumber()
    {
        var run = Stream(Enumerable.Range(0, 1_500).Select(static n => Tool(n, "t", "f")));
        Assert.Equal(FailureClass.ServerFault, run.Failure);
    }

    [Fact]
    public void Recording_Tools_SaysItsTextAndOneCall()
    {
        var run = Stream(Recorded.Read("bedrock/converse-stream-tools.http.json")[0].Body, [100]);
        Assert.Equal("Okay, let me check the weather for Barcelona using the available tool:", run.Joined("content"));
        Assert.Equal([("tooluse_yypYDr71TwCwByoyao4-Vg", "get_weather", "{\"location\": \"Barcelona\"}")], run.Calls());
        Assert.Equal((new TokenUsage(236, Output: 58), "tool_calls", true), (run.Usage, run.Finish(), run.Ended));
    }

    private static void SameInAnyChunking(byte[] wire)
    {
        var expected = Stream(wire, [int.MaxValue]);
        Assert.True(expected.Ended);
        for (var at = 1; at < wire.Length; at++)
        {
            Assert.Equal(expected, Stream(wire, [at, wire.Length]));
        }

        for (var size = 1; size <= 64; size++)
        {
            Assert.Equal(expected, Stream(wire, [size]));
        }
    }
}
