using System.Buffers;
using System.Text;
using CsCheck;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Tests.Fixtures;
using Infermux.Providers.Tests.Pivot;
using Xunit;
using static Infermux.Providers.Tests.Gemini.Translation;

namespace Infermux.Providers.Tests.Gemini;

public sealed class GeminiStreamTests
{
    private const string Text = """{"candidates":[{"content":{"parts":[{"text":"x"}]},"index":0}],"responseId":"R"}""";
    private const string End = """{"candidates":[{"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":1},"responseId":"R"}""";

    [Fact]
    public void Stream_WithCalls_BecomesChunks()
    {
        var run = Stream(GeminiFixtures.All["parallel tools"]);
        Assert.Equal(("Looking.", "tool_calls", true), (run.Joined("content"), run.Finish(), run.Ended));
        Assert.Equal([("weather", "{\"city\":\"Zürich\",\"days\":1.50}"), ("clock", "{}")], run.Calls().Select(static call => (call.Name, call.Arguments)));
        Assert.Equal(new TokenUsage(40, Output: 45, Reasoning: 20), run.Usage);
        Assert.Equal("[DONE]", run.Events().Last());
        Assert.All(run.Chunks(), static chunk => Assert.Equal("mine R3", $"{chunk.GetProperty("model").GetString()} {chunk.GetProperty("id").GetString()}"));
        Assert.Equal("assistant", run.Deltas().First().GetProperty("role").GetString());
        Assert.Equal(1, run.Chunks()[^1].GetProperty("infermux").GetProperty("cost_usd").GetInt32());
    }

    [Fact]
    public void Signature_InAStream_ComesWholeWithItsIndexAndCall()
    {
        var run = Stream(GeminiFixtures.All["parallel tools"]);
        var item = Assert.Single(run.Deltas(), static delta => delta.TryGetProperty("reasoning_details", out _)).GetProperty("reasoning_details")[0];
        Assert.Equal(
            $$"""{"type":"reasoning.encrypted","id":"{{run.Calls()[0].Id}}","format":"google-gemini-v1","data":"imx1.google.gemini-2%2E5-flash.c2lnLWNhbGw=","index":0}""", item.GetRawText());
    }

    [Fact]
    public void Signature_OnAnEmptyTextAtTheEnd_IsKept()
    {
        var run = Stream(GeminiFixtures.All["thoughts"]);
        Assert.Equal(("hm 🙂", "42", "stop"), (run.Joined("reasoning_content"), run.Joined("content"), run.Finish()));
        var item = Assert.Single(run.Deltas(), static delta => delta.TryGetProperty("reasoning_details", out _)).GetProperty("reasoning_details")[0];
        Assert.Equal(("imx1.google.gemini-2%2E5-flash.c2lnLXRleHQ=", false), (item.GetProperty("data").GetString(), item.TryGetProperty("id", out _)));
    }

    [Fact]
    public void Candidates_OfAStream_AreChoicesOfTheirOwn()
    {
        var run = Stream(GeminiFixtures.All["two candidates"]);
        var choices = run.Chunks().SelectMany(static chunk => chunk.GetProperty("choices").EnumerateArray()).ToList();
        string Of(int index) => string.Concat(choices.Where(c => c.GetProperty("index").GetInt32() == index).Select(static c => c.GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString() : ""))
            + " " + choices.Single(c => c.GetProperty("index").GetInt32() == index && c.GetProperty("finish_reason").GetString() is not null).GetProperty("finish_reason").GetString();
        Assert.Equal(("aA stop", "bB length"), (Of(0), Of(1)));
    }

    [Fact]
    public void Logprobs_OfAStream_StandBesideTheirText()
    {
        var choice = Stream(GeminiFixtures.All["logprobs"]).Chunks()[1].GetProperty("choices")[0];
        Assert.Equal(("Hé", "Hé"), (choice.GetProperty("delta").GetProperty("content").GetString(), choice.GetProperty("logprobs").GetProperty("content")[0].GetProperty("token").GetString()));
    }

    [Fact]
    public void Logprob_TooLargeToBeHeld_IsStillANumber()
    {
        var response = GeminiFixtures.All["logprobs"][0].Replace(":-0.1}]}}", ":-1e999}]}}", StringComparison.Ordinal);
        var choice = Stream([response]).Chunks()[1].GetProperty("choices")[0];
        Assert.Equal(double.MinValue, choice.GetProperty("logprobs").GetProperty("content")[0].GetProperty("logprob").GetDouble());
    }

    [Theory]
    [MemberData(nameof(GeminiFixtures.Names), MemberType = typeof(GeminiFixtures))]
    public void Stream_CutAtEveryByte_GivesTheSameBytes(string fixture) => SameInAnyChunking(Wire(GeminiFixtures.All[fixture]));

    [Theory]
    [MemberData(nameof(GeminiFixtures.Names), MemberType = typeof(GeminiFixtures))]
    public void Stream_ThatComesAsAJsonArray_GivesTheSameBytesAtEveryCut(string fixture)
    {
        var asArray = ArrayWire(GeminiFixtures.All[fixture]);
        Assert.Equal(Stream(Wire(GeminiFixtures.All[fixture]), [int.MaxValue]), Stream(asArray, [int.MaxValue]));
        SameInAnyChunking(asArray);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Recording_CutAtEveryByte_GivesTheSameBytes(int reply)
    {
        var recorded = Recorded.Read("gemini/stream-toolcall-signature.http.json");
        SameInAnyChunking(recorded[reply].Body);
    }

    [Fact]
    public void Recording_ACallAndItsReturn_KeepTheSignature()
    {
        var recorded = Recorded.Read("gemini/stream-toolcall-signature.http.json");
        var run = Stream(recorded[0].Body, [64], Pro3);
        var call = run.Calls().Single();
        Assert.Equal(("get_country", "{}", "tool_calls"), (call.Name, call.Arguments, run.Finish()));
        var item = run.Deltas().Single(static delta => delta.TryGetProperty("reasoning_details", out _)).GetProperty("reasoning_details")[0].GetRawText();
        var sent = Sent(
            $$$"""  "messages":[{"role":"user","content":"q"},{"role":"assistant","content":null,"reasoning_details":[{{{item}}}],"tool_calls":[{"id":"{{{call.Id}}}","type":"function","function":{"name":"get_country","arguments":"{}"}}]},{"role":"tool","tool_call_id":"{{{call.Id}}}","content":"Mexico"}]""",
            Pro3);
        var signature = sent.GetProperty("contents")[1].GetProperty("parts")[0].GetProperty("thoughtSignature").GetString()!;
        Assert.Contains($"\"thoughtSignature\": \"{signature}\"", Encoding.UTF8.GetString(recorded[0].Body), StringComparison.Ordinal);
        Assert.Equal("The capital of Mexico is Mexico City.", Stream(recorded[1].Body, [64], Pro3).Joined("content"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Stream_CutAnywhereBeforeItsEnd_IsNeverAnAnswer(bool array)
    {
        string[] chunks = [Text, Text, End];
        var wire = array ? ArrayWire(chunks) : Wire(chunks);
        var last = Encoding.UTF8.GetString(wire).LastIndexOf("\"finishReason\":\"STOP\"", StringComparison.Ordinal);
        for (var length = 0; length < last; length++)
        {
            var run = Stream(wire[..length], [64]);
            Assert.NotNull(run.Failure);
            Assert.DoesNotContain("[DONE]", run.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("\"finish_reason\":\"stop\"", run.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Stream_InWhichOneCandidateNeverFinished_IsBroken() => Assert.Equal(
        FailureClass.BrokenStream,
        Stream(["""{"candidates":[{"finishReason":"STOP","index":0},{"content":{"parts":[{"text":"x"}]},"index":1}]}"""]).Failure);

    [Fact]
    public void SurrogatePair_CutBetweenTwoChunks_IsPutTogetherAgainByTheReader()
    {
        var run = Stream([Text.Replace("\"x\"", "\"\\ud83d\"", StringComparison.Ordinal), Text.Replace("\"x\"", "\"\\ude42\"", StringComparison.Ordinal), End]);
        Assert.Contains("\"content\":\"\\ud83d\"", run.Text, StringComparison.Ordinal);
        Assert.Contains("\"content\":\"\\ude42\"", run.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(503, "UNAVAILABLE", FailureClass.Overloaded)]
    [InlineData(500, "INTERNAL", FailureClass.ServerFault)]
    [InlineData(429, "RESOURCE_EXHAUSTED", FailureClass.RateLimited)]
    public void ErrorChunk_AtAnyPlace_FailsTheStreamAndKeepsTheUsageSoFar(int code, string status, FailureClass expected)
    {
        var error = $$$"""{"error":{"code":{{{code}}},"message":"no","status":"{{{status}}}"}}""";
        foreach (var chunk in new[] { error, $"[{error}]" }) // without alt=sse Google wraps it in a list
        {
            Assert.Equal(expected, Stream([chunk]).Failure);
            var late = Stream([End, Text, chunk, Text]);
            Assert.Equal((expected, "x", new TokenUsage(3, Output: 1)), (late.Failure, late.Joined("content"), late.Usage));
        }

        Assert.Equal(expected, Stream(Encoding.UTF8.GetBytes(error), [5]).Failure);
    }

    [Theory]
    [InlineData("<html><title>Hello</title>\n</html>\n", FailureClass.ServerFault)]
    [InlineData("data: {\"candidates\":\n\n", FailureClass.ServerFault)]
    [InlineData("data: {\"other\":1}\n\n", FailureClass.BrokenStream)]
    [InlineData("data: [DONE]\n\n", FailureClass.BrokenStream)]
    [InlineData("[]", FailureClass.BrokenStream)]
    [InlineData("[{\"candidates\":[]}] and words", FailureClass.BrokenStream)]
    [InlineData("", FailureClass.BrokenStream)]
    [InlineData(" \n", FailureClass.BrokenStream)]
    [InlineData(": comment\n\n", FailureClass.BrokenStream)]
    public void Body_ThatIsNoStreamOfAnAnswer_Fails(string body, FailureClass expected) => Assert.Equal(expected, Stream(Encoding.UTF8.GetBytes(body), [5]).Failure);

    [Fact]
    public void Progress_TellsSignsOfLifeFromContent()
    {
        var translator = Dialect.CreateStream(Inbound($$"""{"model":"mine","stream":true,{{Hi}}}"""), Target());
        var output = new ArrayBufferWriter<byte>();
        StreamProgress Push(string data) => translator.Push(Wire([data]), output);
        Assert.Equal(StreamProgress.Alive, Push("""{"of_a_later_time":1}"""));
        Assert.Equal(StreamProgress.Alive, Push("""{"candidates":[{"content":{"parts":[{"text":""}]},"index":0}]}"""));
        Assert.Equal(StreamProgress.Progress, Push("""{"usageMetadata":{"promptTokenCount":3}}"""));
        Assert.Equal(StreamProgress.Alive, Push("""{"usageMetadata":{"promptTokenCount":3}}"""));
        Assert.Equal(StreamProgress.Progress | StreamProgress.Content, Push("""{"candidates":[{"content":{"parts":[{"text":"t","thought":true}]},"index":0}]}"""));
        Assert.Equal(StreamProgress.Progress | StreamProgress.Content, Push(Text));
        Assert.Equal(StreamProgress.Progress | StreamProgress.Content, Push("""{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f"}}]},"index":0}]}"""));
        Assert.Equal(StreamProgress.Progress, Push(End));
        Assert.False(translator.Ended);
        Assert.Equal(StreamProgress.Ended, translator.EndOfBody(output));
        Assert.Equal((true, null, 3L), (translator.Ended, translator.Failure, translator.OutputPieces));
        Assert.Equal(StreamProgress.None, Push(Text));
    }

    [Fact]
    public void UsageChunk_NotAskedFor_IsNotSent()
    {
        var run = Stream(Wire(GeminiFixtures.All["text"]), [int.MaxValue], includeUsage: false);
        Assert.DoesNotContain("usage", run.Text, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", run.Text, StringComparison.Ordinal);
    }

    // Two pieces at every cut, every piece of one byte, and random sizes.
    private static void SameInAnyChunking(byte[] wire)
    {
        var expected = Stream(wire, [int.MaxValue]);
        Assert.NotEmpty(expected.Text);
        for (var cut = 1; cut < wire.Length; cut++)
        {
            Assert.Equal(expected, Stream(wire, [cut, int.MaxValue]));
        }

        Assert.Equal(expected, Stream(wire, [1]));
        Gen.Int[1, 90].Array[1, 6].Sample(sizes => Assert.Equal(expected, Stream(wire, sizes)), iter: 100);
    }
}
