using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Xunit;

namespace Infermux.Providers.Tests.Messages;

/// <summary>Chat answers said as messages, whole and streamed.</summary>
public sealed class FromChatTests
{
    private static readonly AttemptTarget Llama = MessagesRun.Chat();
    private const string Mark = "imx1.p.llama.";

    [Fact]
    public void WholeAnswer_IsAMessageUnderTheCallersModel()
    {
        var (answer, message) = MessagesRun.Whole("""
            {"id":"chatcmpl-9","object":"chat.completion","model":"theirs","choices":[{"index":0,"message":{"role":"assistant","content":"hé 🙂","reasoning_content":"so"},"finish_reason":"stop"}],
            "usage":{"prompt_tokens":100,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":60,"cache_write_tokens":10},"completion_tokens_details":{"reasoning_tokens":3}}}
            """, Llama);
        Same.Json($$$"""
            {"id":"msg_9","type":"message","role":"assistant","model":"mine","content":[{"type":"thinking","thinking":"so","signature":"{{{Mark}}}"},{"type":"text","text":"hé 🙂"}],
            "stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":30,"cache_creation_input_tokens":10,"cache_read_input_tokens":60,
            "cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":0},"output_tokens":7,"output_tokens_details":{"thinking_tokens":3} } }
            """, message);
        Assert.Equal(new TokenUsage(30, 60, 10, 0, 7, 3), answer.Usage);
    }

    [Theory]
    [InlineData("stop", "null", "", "end_turn")]
    [InlineData("length", "null", "", "max_tokens")]
    [InlineData("content_filter", "null", "", "refusal")]
    [InlineData("stop", "\"no\"", "", "refusal")]
    [InlineData("tool_calls", "null", Call, "tool_use")]
    [InlineData("stop", "null", Call, "tool_use")]
    [InlineData("length", "null", Call, "max_tokens")]
    public void StopReason_IsTranslated(string finish, string refusal, string calls, string expected)
    {
        var (_, message) = MessagesRun.Whole(
            $$$"""{"id":"x","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"","refusal":{{{refusal}}}{{{calls}}}},"finish_reason":"{{{finish}}}"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""",
            Llama);
        Assert.Equal(expected, message.GetProperty("stop_reason").GetString());
        Assert.Equal(expected is "refusal", message.TryGetProperty("stop_details", out _));
    }

    private const string Call = """,  "tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]""";

    [Fact]
    public void Arguments_ThatTheCapCutShort_AreNoInput()
    {
        var (_, message) = MessagesRun.Whole(
            """{"id":"x","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"c 1","type":"function","function":{"name":"f","arguments":"{\"a\":"}}]},"finish_reason":"length"}]}""",
            Llama);
        Same.Json("""[{"type":"tool_use","id":"ifx-b-YyAx","name":"f","input":{}}]""", message.GetProperty("content"));
    }

    [Fact]
    public void Stream_OfThinkingTextAndCalls_OpensOneBlockAtATime()
    {
        var streamed = MessagesRun.Stream(
        [
            MessagesRun.Chunk("""{"role":"assistant","content":""}"""),
            MessagesRun.Chunk("""{"reasoning_content":"s"}"""),
            MessagesRun.Chunk("""{"reasoning_content":"o"}"""),
            MessagesRun.Chunk("""{"content":"h\u00e9 "}"""),
            MessagesRun.Chunk("""{"content":"\ud83d\ude42"}"""),
            MessagesRun.Chunk("""{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"f","arguments":""}}]}"""),
            MessagesRun.Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\":"}}]}"""),
            MessagesRun.Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}"""),
            MessagesRun.Chunk("""{"tool_calls":[{"index":1,"id":"call_2","type":"function","function":{"name":"g","arguments":"{}"}}]}"""),
            MessagesRun.Chunk("{}", "\"tool_calls\""),
            MessagesRun.UsageChunk,
        ], Llama);
        var message = streamed.Message();
        Same.Json($$$"""
            [{"type":"thinking","thinking":"so","signature":"{{{Mark}}}"},{"type":"text","text":"hé 🙂"},{"type":"tool_use","id":"call_1","name":"f","input":{"a":1}},{"type":"tool_use","id":"call_2","name":"g","input":{}}]
            """, message["content"]);
        Assert.Equal(("tool_use", "msg_1", "mine"), (message["stop_reason"]!.GetValue<string>(), message["id"]!.GetValue<string>(), message["model"]!.GetValue<string>()));
        Same.Json(
            """{"input_tokens":40,"cache_creation_input_tokens":0,"cache_read_input_tokens":60,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":7,"output_tokens_details":{"thinking_tokens":3}}""",
            message["usage"]);
        Assert.Equal(1, streamed.Ending["infermux"]!["cost_usd"]!.GetValue<int>());
        Assert.DoesNotContain("message_delta", streamed.BeforeEnd, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_WhosePiecesComeMixed_ArriveOneAfterTheOther()
    {
        string[] chunks =
        [
            MessagesRun.Chunk("""{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":\"}\\\""}}]}"""),
            MessagesRun.Chunk("""{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"{\"y\":"}}]}"""),
            MessagesRun.Chunk("""{"content":"later"}"""),
            MessagesRun.Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"\u0022}"}},{"index":1,"function":{"arguments":"[{}]}"}}]}"""),
            MessagesRun.Chunk("""{"tool_calls":[{"index":2,"id":"c","type":"function","function":{"name":"h"}}]}"""),
            MessagesRun.Chunk("""{"tool_calls":[{"index":3,"id":"d","type":"function","function":{"name":"i","arguments":"{}"}}]}"""),
            MessagesRun.Chunk("{}", "\"stop\""),
        ];
        var message = MessagesRun.Stream(chunks, Llama).Message();
        Same.Json("""
            [{"type":"tool_use","id":"a","name":"f","input":{"x":"}\""}},{"type":"tool_use","id":"b","name":"g","input":{"y":[{}]}},{"type":"text","text":"later"},
             {"type":"tool_use","id":"c","name":"h","input":{}},{"type":"tool_use","id":"d","name":"i","input":{}}]
            """, message["content"]);
        Assert.Equal("tool_use", message["stop_reason"]!.GetValue<string>());
    }

    [Fact]
    public void Arguments_ThatTheCapCutShort_StreamAsTheyCame()
    {
        var streamed = MessagesRun.Stream(
        [
            MessagesRun.Chunk("""{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":"}}]}"""),
            MessagesRun.Chunk("{}", "\"length\""),
        ], Llama);
        Assert.Contains("""{"type":"input_json_delta","partial_json":"{\"x\":"}""", streamed.Text, StringComparison.Ordinal);
        Assert.Equal("max_tokens", streamed.Ending["delta"]!["stop_reason"]!.GetValue<string>());
    }

    [Fact]
    public void Refusal_IsAStopReasonWithItsWords()
    {
        var delta = MessagesRun.Stream([MessagesRun.Chunk("""{"refusal":"I "}"""), MessagesRun.Chunk("""{"refusal":"won't"}"""), MessagesRun.Chunk("{}", "\"stop\"")], Llama).Ending["delta"]!;
        Same.Json("""{"stop_reason":"refusal","stop_sequence":null,"stop_details":{"type":"refusal","category":null,"explanation":"I won't"}}""", delta);
    }

    [Fact]
    public void Stream_CutAtEveryByte_SaysTheSame()
    {
        var wire = MessagesRun.ChatWire(
        [
            MessagesRun.Chunk("""{"role":"assistant","content":"","reasoning":"s"}"""), MessagesRun.Chunk("""{"content":"é🙂"}"""),
            MessagesRun.Chunk("""{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]}"""), MessagesRun.Chunk("{}", "\"tool_calls\""), MessagesRun.UsageChunk,
        ]);
        var whole = MessagesRun.Stream(wire, [int.MaxValue], Llama);
        for (var cut = 1; cut < wire.Length; cut++)
        {
            Assert.Equal(whole.Text, MessagesRun.Stream(wire, [cut, int.MaxValue], Llama).Text);
        }
    }

    [Fact]
    public void Stream_WithoutItsTerminalMark_IsBrokenAndHasNoEnd()
    {
        var wire = MessagesRun.ChatWire([MessagesRun.Chunk("""{"content":"x"}""")]);
        var streamed = MessagesRun.Stream(wire[..^"data: [DONE]\n\n".Length], [int.MaxValue], Llama);
        Assert.Equal(FailureClass.BrokenStream, streamed.Failure?.Class);
        Assert.DoesNotContain("message_stop", streamed.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void RecordedStreams_OfEveryCompatibleServer_AreMessages()
    {
        var read = 0;
        foreach (var file in Fixtures.RecordedChats.Files())
        {
            foreach (var reply in Infermux.Testing.Recording.Read(file).Where(static reply => reply.Status == 200 && reply.Body.AsSpan().IndexOf("chat.completion.chunk"u8) >= 0))
            {
                var streamed = MessagesRun.Stream(reply.Body, [17], Llama);
                if (streamed.Failure is null)
                {
                    Assert.NotNull(streamed.Message()["stop_reason"]);
                    Assert.Equal(streamed.Text, MessagesRun.Stream(reply.Body, [1], Llama).Text);
                    read++;
                }
            }
        }

        Assert.SkipWhen(read == 0, "The recordings shared/fixtures/**/*.http.json are not beside this clone.");
    }
}
