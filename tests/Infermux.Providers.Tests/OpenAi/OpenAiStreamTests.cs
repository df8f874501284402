using System.Text;
using System.Text.Json;
using CsCheck;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Xunit;

namespace Infermux.Providers.Tests.OpenAi;

public sealed class OpenAiStreamTests
{
    private const string Role = """{"id":"c1","object":"chat.completion.chunk","created":7,"model":"theirs","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}""";
    private const string Text = """{"id":"c1","object":"chat.completion.chunk","created":7,"model":"theirs","choices":[{"index":0,"delta":{"content":"Hé\n"},"finish_reason":null}],"usage":null}""";
    private const string Stop = """{"id":"c1","object":"chat.completion.chunk","created":7,"model":"theirs","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}""";
    private const string Usage = """{"id":"c1","object":"chat.completion.chunk","created":7,"model":"theirs","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":4,"total_tokens":14,"prompt_tokens_details":{"cached_tokens":6},"completion_tokens_details":{"reasoning_tokens":1,"audio_tokens":0}}}""";

    [Fact]
    public void Stream_WithoutAskingForUsage_LooksAsIfNobodyHadAsked()
    {
        var run = Streams.Run(Streams.Wire(Role, Text, Stop, Usage, "[DONE]"), 9, includeUsage: false);
        Assert.Equal(
            """
            data: {"id":"c1","object":"chat.completion.chunk","created":7,"model":"mine","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}

            data: {"id":"c1","object":"chat.completion.chunk","created":7,"model":"mine","choices":[{"index":0,"delta":{"content":"Hé\n"},"finish_reason":null}]}

            data: {"id":"c1","object":"chat.completion.chunk","created":7,"model":"mine","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            data: [DONE]


            """,
            run.Text);
        Assert.Equal(new TokenUsage(4, 6, 0, 0, 4, 1), run.Usage);
        Assert.Equal(3, run.Characters);
    }

    [Fact]
    public void UsageChunk_WhenAsked_IsTheProvidersOwnWithOurMemberAtTheEnd()
    {
        var run = Streams.Run(Streams.Wire(Role, Text, Stop, Usage, "[DONE]"), 9);
        var last = run.Chunks()[^1];
        Assert.Equal(4, run.Chunks().Count);
        Assert.Equal(1, last.GetProperty("infermux").GetProperty("cost_usd").GetInt32());
        Assert.Equal(0, last.GetProperty("usage").GetProperty("completion_tokens_details").GetProperty("audio_tokens").GetInt32());
        Assert.Equal("mine", last.GetProperty("model").GetString());
    }

    [Fact]
    public void UsageChunk_WhereTheProviderSentNone_IsMadeOfWhatWasSettled()
    {
        var run = Streams.Run(Streams.Wire(Role, Text, Stop, "[DONE]"), 9);
        var last = run.Chunks()[^1];
        Assert.Null(run.Usage);
        Assert.Equal(("c1", 7, 3), (last.GetProperty("id").GetString(), last.GetProperty("created").GetInt32(), last.GetProperty("usage").GetProperty("total_tokens").GetInt32()));
    }

    [Theory]
    [InlineData("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1},\"p\":1}", "{\"model\":\"mine\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}],\"p\":1}")]
    [InlineData("{\"usage\":{\"prompt_tokens\":1}, \"choices\":[{\"delta\":{\"content\":\"x\"}}],\"model\":\"\"}", "{\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"model\":\"mine\"}")]
    [InlineData("{ \"choices\" : [ {\"delta\":{\"content\":\"x\"} } ] , \"usage\" : null , \"model\" : \"a\" }", "{ \"choices\" : [ {\"delta\":{\"content\":\"x\"} } ] , \"model\" : \"mine\" }")]
    [InlineData("{\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"model\":\"a\",\"usage\":{}}", "{\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"model\":\"mine\"}")]
    public void Chunk_WithUsageNobodyAskedFor_LosesTheMemberWithItsComma(string sent, string received) =>
        Assert.StartsWith($"data: {received}\n\n", Streams.Run(Streams.Wire(sent, "[DONE]"), 1_000, includeUsage: false).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"choices":[{"index":0,"delta":{"role":"assistant","content":null}}]}""", StreamProgress.Alive)]
    [InlineData("""{"choices":[{"index":0,"delta":{}}]}""", StreamProgress.Alive)]
    [InlineData("""{"choices":[],"prompt_filter_results":[{}]}""", StreamProgress.Alive)]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"a"}}]}""", StreamProgress.Content | StreamProgress.Progress)]
    [InlineData("""{"choices":[{"index":0,"delta":{"reasoning_content":"a"}}]}""", StreamProgress.Content | StreamProgress.Progress)]
    [InlineData("""{"choices":[{"index":0,"delta":{"reasoning":"a"}}]}""", StreamProgress.Content | StreamProgress.Progress)]
    [InlineData("""{"choices":[{"index":0,"delta":{"refusal":"a"}}]}""", StreamProgress.Content | StreamProgress.Progress)]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"a"}]}]}}]}""", StreamProgress.Content | StreamProgress.Progress)]
    [InlineData("""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":""}}]}}]}""", StreamProgress.Content | StreamProgress.Progress)]
    [InlineData("""{"choices":[{"index":0,"delta":{"function_call":{"name":"f","arguments":""}}}]}""", StreamProgress.Content | StreamProgress.Progress)]
    [InlineData("""{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""", StreamProgress.Progress)]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":0}}""", StreamProgress.Progress)]
    public void Progress_OfEachKindOfChunk_TellsContentFromSignsOfLife(string chunk, StreamProgress expected)
    {
        var stream = Dialects.For(Core.Configuration.ProviderType.OpenAi).CreateStream(Streams.Request(true), Streams.Target);
        Assert.Equal(expected, stream.Push(Streams.Wire(chunk), new System.Buffers.ArrayBufferWriter<byte>()));
    }

    [Fact]
    public void Progress_OfAComment_IsAliveOnly()
    {
        var stream = Dialects.For(Core.Configuration.ProviderType.OpenAi).CreateStream(Streams.Request(true), Streams.Target);
        Assert.Equal(StreamProgress.Alive, stream.Push(": OPENROUTER PROCESSING\n\n"u8, new System.Buffers.ArrayBufferWriter<byte>()));
        Assert.Equal(StreamProgress.None, stream.Push("data: {\"choi"u8, new System.Buffers.ArrayBufferWriter<byte>()));
    }

    [Theory]
    [InlineData("data: {\"error\":{\"message\":\"m\",\"type\":\"server_error\"}}\n\n", FailureClass.ServerFault)]
    [InlineData("data: {\"error\":{\"code\":429,\"message\":\"m\"},\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}]}\n\n", FailureClass.RateLimited)]
    [InlineData("event: error\ndata: {\"message\":\"m\",\"type\":\"overloaded_error\"}\n\n", FailureClass.Overloaded)]
    [InlineData("event: error\ndata: broken\n\n", FailureClass.ServerFault)]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"error\"}]}\n\n", FailureClass.ServerFault)]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"insufficient_system_resource\"}]}\n\n", FailureClass.Overloaded)]
    [InlineData("data: {\"choices\":[{\"in\n\n", FailureClass.ServerFault)]
    [InlineData("data: 42\n\n", FailureClass.ServerFault)]
    [InlineData("data: {\"choices\":[]} {}\n\n", FailureClass.ServerFault)]
    [InlineData("{\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\"}}", FailureClass.CallerFault)]
    [InlineData("{\"id\":\"x\",\"choices\":[{\"message\":{\"content\":\"whole\"}}]}", FailureClass.ServerFault)]
    [InlineData("<html><title>Welcome</title></html>", FailureClass.ServerFault)]
    [InlineData("", FailureClass.BrokenStream)]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}\n\n", FailureClass.BrokenStream)]
    public void Stream_ThatIsNoAnswer_Fails(string wire, FailureClass expected)
    {
        var bytes = Encoding.UTF8.GetBytes(wire);
        for (var size = 1; size <= bytes.Length + 1; size++)
        {
            var run = Streams.Run(bytes, size);
            Assert.Equal(expected, run.Failure);
            Assert.DoesNotContain("[DONE]", run.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Error_WithANullErrorMember_IsNone() =>
        Assert.Null(Streams.Run(Streams.Wire("""{"error":null,"choices":[{"index":0,"delta":{"content":"a"}}]}""", "[DONE]"), 5).Failure);

    [Fact]
    public void Failure_AfterUsage_CarriesIt()
    {
        var stream = Dialects.For(Core.Configuration.ProviderType.OpenAi).CreateStream(Streams.Request(true), Streams.Target);
        stream.Push(Streams.Wire("""{"choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}"""), new System.Buffers.ArrayBufferWriter<byte>());
        stream.EndOfBody(new System.Buffers.ArrayBufferWriter<byte>());
        Assert.Equal(new TokenUsage(3, Output: 1), stream.Failure!.Usage);
    }

    [Theory]
    [InlineData("""{"index":0,"id":"","function":{"name":"f","arguments":"{}"}}""", """{"index":0,"id":"","function":{"name":"g","arguments":"{}"}}""", 1)] // told apart by nothing: one call
    [InlineData("""{"function":{"name":"f","arguments":"{\"a\":"}}""", """{"function":{"arguments":"1}"}}""", 1)]
    [InlineData("""{"id":"a","function":{"name":"f","arguments":"{}"}}""", """{"id":"b","function":{"name":"g","arguments":"{}"}}""", 2)]
    [InlineData("""{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}""", """{"index":0,"id":"b","function":{"name":"g","arguments":"{}"}}""", 2)]
    [InlineData("""{"index":0,"id":"a","function":{"name":"f","arguments":"{\"a\":"}}""", """{"index":0,"id":"a","function":{"name":"f","arguments":"1}"}}""", 1)]
    [InlineData("""{"index":null,"id":null,"function":{"name":"f","arguments":{"a":"\"x\""}}}""", """{"index":0,"function":{"arguments":""}}""", 1)]
    public void ToolCalls_OfEachBrokenForm_CanBePutTogetherByAppending(string first, string second, int expected)
    {
        var wire = Streams.Wire(Delta(first), Delta(second), "[DONE]");
        var run = Streams.Run(wire, wire.Length);
        var calls = ToolCalls.Append(run.Chunks());
        Assert.Equal(expected, calls.Count);
        Assert.All(calls.Values, c => Assert.NotEmpty(c.Id));
        Assert.Equal(expected, calls.Values.Select(c => c.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("tool_calls", run.Chunks()[^2].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(run, Streams.Run(wire, 1));
        if (expected == 2 || !first.Contains("\"id\":\"\"", StringComparison.Ordinal))
        {
            Assert.All(calls.Values, c => Assert.Matches("^[fg]$", c.Name));
            Assert.All(calls.Values, c => JsonDocument.Parse(c.Arguments).Dispose());
        }
    }

    [Fact]
    public void ToolCalls_ThatAreRight_TravelByteForByte()
    {
        const string call = """{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}""";
        const string rest = """{"index":0,"function":{"arguments":"{}"}}""";
        var run = Streams.Run(Streams.Wire(Delta(call), Delta(rest), "[DONE]"), 1_000);
        Assert.Contains(call, run.Text, StringComparison.Ordinal);
        Assert.Contains(rest, run.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Event_OfSeveralDataLines_ComesOutAsOne()
    {
        var run = Streams.Run("data: {\"choices\":[{\"index\":0,\ndata: \"delta\":{\"content\":\"a\"}}]}\n\ndata: [DONE]\n\n"u8.ToArray(), 4);
        Assert.Equal("a", run.Chunks()[0].GetProperty("choices")[0].GetProperty("delta").GetProperty("content").GetString());
    }

    [Fact]
    public void Completions_Stream_IsReadAsTextAndEndsInItsOwnShape()
    {
        var run = Streams.Run(Streams.Wire("""{"id":"x","object":"text_completion","model":"m","choices":[{"index":0,"text":"ab","finish_reason":null}]}""", "[DONE]"), 6, true, Operation.Completions);
        Assert.True(run.Progress.HasFlag(StreamProgress.Content));
        Assert.Equal(2, run.Characters);
        Assert.All(run.Chunks(), c => Assert.Equal("text_completion", c.GetProperty("object").GetString()));
    }

    [Fact]
    public void Stream_OfDamagedBytesInAnyChunking_NeverThrowsAndEndsTheSame() =>
        Gen.Select(Gen.Select(Gen.Int[0, 5_000], Gen.Byte).Array[0, 6], Gen.Int[1, 300].Array[1, 6]).Sample(
            (damage, sizes) =>
            {
                var wire = Streams.Wire(Role, Text, Delta("""{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}"""), Stop, Usage, "[DONE]");
                foreach (var (at, value) in damage)
                {
                    wire[at % wire.Length] = value;
                }

                Assert.Equal(Streams.Run(wire, wire.Length), Streams.Run(wire, sizes));
            },
            iter: 5_000);

    private static string Delta(string call) => $$"""{"id":"c1","created":7,"model":"theirs","choices":[{"index":0,"delta":{"tool_calls":[{{call}}]},"finish_reason":null}]}""";
}
