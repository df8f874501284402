using System.Text;
using System.Text.Json;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Pivot;
using Infermux.Providers.Tests.Anthropic;
using Infermux.Providers.Tests.Fixtures;
using Xunit;

namespace Infermux.Providers.Tests.Messages;

/// <summary>Anthropic's dialect in and out: bytes stay but for what must change.</summary>
public sealed class SameDialectTests
{
    private static readonly AttemptTarget Claude = MessagesRun.Target();

    [Fact]
    public void Request_ChangesTheModelAndNothingElse()
    {
        const string Members = """  "messages" : [ {"role":"user","content":"h\u00e9 \ud83d\ude42"} ], "a_later_field":{"x":[1,2.50]},"thinking":{"type":"adaptive"}  """;
        Assert.Equal($$"""{"model":"claude-sonnet-4-5","max_tokens":1000,{{Members}}}""", MessagesRun.SentText(MessagesRun.Inbound(Members), Claude));
        Assert.Empty(MessagesRun.Dropped(Members, Claude));
    }

    [Fact]
    public void Headers_OfTheCaller_GoOnAndTheCredentialIsOurs()
    {
        var request = MessagesRun.Inbound(MessagesRun.Hi, "claude-code-20250219", "context-management-2025-06-27") with
        {
            Anthropic = new AnthropicHeaders("2026-10-21", ["interleaved-thinking-2025-05-14", "context-management-2025-06-27"], BetaPath: true),
        };
        using var message = MessagesRun.For(Claude).CreateRequest(request, Claude);
        Assert.Equal("https://api.anthropic.com/v1/messages?beta=true", message.RequestUri!.AbsoluteUri);
        Assert.Equal("2026-10-21", Assert.Single(message.Headers.GetValues("anthropic-version")));
        Assert.Equal("interleaved-thinking-2025-05-14,context-management-2025-06-27", Assert.Single(message.Headers.GetValues("anthropic-beta")));
        Assert.Equal("sk-ours", Assert.Single(message.Headers.GetValues("x-api-key")));
    }

    [Fact]
    public void Credential_OfALogin_GoesAsABearer()
    {
        var target = Claude with { Credential = "sk-ant-oat01-token" };
        using var message = MessagesRun.For(target).CreateRequest(MessagesRun.Inbound(MessagesRun.Hi), target);
        Assert.Equal("Bearer sk-ant-oat01-token", Assert.Single(message.Headers.GetValues("Authorization")));
        Assert.False(message.Headers.Contains("x-api-key"));
    }

    [Fact]
    public void Beta_NotOnTheList_GoesWithTheFieldThatItBrings()
    {
        var request = MessagesRun.Inbound($$"""  "speed":"fast","":1,{{MessagesRun.Hi}},"mcp_servers":[{"url":"https://x"}]  """, "fast-mode-2026-02-01", "effort-2025-11-24", "mcp-client-2025-04-04");
        using var message = MessagesRun.For(Claude).CreateRequest(request, Claude);
        Assert.Equal("effort-2025-11-24", Assert.Single(message.Headers.GetValues("anthropic-beta")));
        Assert.Equal($$"""{"model":"claude-sonnet-4-5","max_tokens":1000,  "":1,{{MessagesRun.Hi}}  }""", MessagesRun.SentText(request, Claude));
        Assert.Equal(["anthropic-beta: fast-mode-2026-02-01", "anthropic-beta: mcp-client-2025-04-04", "mcp_servers", "speed"], MessagesRun.Dropped(request, Claude));
    }

    [Theory]
    [InlineData("fast-mode-2026-02-01", "fast-mode-2026-02-01", true)]
    [InlineData("fast-mode", "fast-mode-2026-02-01", true)]
    [InlineData("fast-mode-2026-02-01", "fast-mode-2027-02-01", false)]
    [InlineData("fast", "fast-mode-2026-02-01", false)]
    [InlineData("*", "anything-2026-02-01", true)]
    [InlineData("other", "fast-mode-2026-02-01", false)]
    public void Beta_ByTheProvidersOwnList_GoesOnOrNot(string listed, string beta, bool goes)
    {
        var target = Claude with { Provider = Claude.Provider with { AnthropicBeta = [listed] } };
        using var message = MessagesRun.For(target).CreateRequest(MessagesRun.Inbound(MessagesRun.Hi, beta), target);
        Assert.Equal(goes, message.Headers.Contains("anthropic-beta"));
    }

    [Fact]
    public void Cap_ThatMoneyIsHeldFor_ReplacesTheCallersAndKeepsTheBudgetBelowIt()
    {
        var target = Claude with { OutputCap = 2000 };
        var body = Encoding.UTF8.GetBytes("""{"model":"mine","max_tokens":9000,"thinking":{"type":"enabled","budget_tokens":4000},"messages":[]}""");
        var request = new InferenceRequest(Operation.Messages, body, Infermux.Providers.OpenAi.RequestScanner.Scan(Operation.Messages, body, 64));
        Assert.Equal(
            """{"model":"claude-sonnet-4-5","max_tokens":2000,"thinking":{"type":"enabled","budget_tokens":1800},"messages":[]}""", MessagesRun.SentText(request, target));
        Assert.Equal(["thinking"], MessagesRun.Dropped(request, target));
        Assert.Equal("disabled", MessagesRun.Sent(request, Claude with { OutputCap = 1000 }).GetProperty("thinking").GetProperty("type").GetString());
    }

    [Fact]
    public void OpaqueValues_OfThisMaker_LoseTheirMarkAndOfAnotherTheirBlock()
    {
        var own = OpaqueMark.Add(Claude, "own+/=");
        var others = OpaqueMark.Add(MessagesRun.Target(name: "q"), "other");
        var request = MessagesRun.Inbound($$"""
            "messages":[{"role":"user","content":"a"},
            {"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"{{own}}"},{"type":"redacted_thinking","data":"{{others}}"},{"type":"text","text":"b"}]},
            {"role":"user","content":"c"},{"role":"assistant","content":[{"type":"redacted_thinking","data":"{{others}}"}]},
            {"role":"user","content":"d"},{"role":"assistant","content":[{"type":"thinking","thinking":"u","signature":"unmarked"},{"type":"redacted_thinking","data":"{{OpaqueMark.Add(Claude, "r")}}"}]}]
            """);
        var messages = MessagesRun.Sent(request, Claude).GetProperty("messages").EnumerateArray().Select(static m => m.GetProperty("content")).ToList();
        Assert.Equal(["a", """[{"type":"thinking","thinking":"t","signature":"own+/="},{"type":"text","text":"b"}]""", "c", "d",
            """[{"type":"thinking","thinking":"u","signature":"unmarked"},{"type":"redacted_thinking","data":"r"}]"""],
            messages.Select(static content => content.ValueKind == JsonValueKind.String ? content.GetString() : content.GetRawText()));
        Assert.Equal(["reasoning_details"], MessagesRun.Dropped(request, Claude));
    }

    [Theory]
    [InlineData("", "disabled")]
    [InlineData("""{"type":"thinking","thinking":"t","signature":"MARK"},""", "enabled")]
    public void Budget_InAToolLoopOfAnotherMaker_IsKeptFromFailing(string thinking, string expected)
    {
        var marked = thinking.Replace("MARK", OpaqueMark.Add(Claude, "s"), StringComparison.Ordinal);
        var request = MessagesRun.Inbound($$$"""
            "thinking":{"type":"enabled","budget_tokens":1024},"messages":[{"role":"user","content":"a"},
            {"role":"assistant","content":[{{{marked}}}{"type":"tool_use","id":"call_1","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1","content":"r"}]}]
            """);
        Assert.Equal(expected, MessagesRun.Sent(request, Claude).GetProperty("thinking").GetProperty("type").GetString());
    }

    [Fact]
    public void WholeAnswer_ChangesTheModelAndMarksOpaqueValuesAndNothingElse()
    {
        const string Body = """ {"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5-2025","content":[{"type":"thinking","thinking":"h\u00e9","signature":"s\/ig"},{"type":"redacted_thinking","data":"d"},{"type":"server_tool_use","id":"s","name":"web_search","input":{"q":1.50}},{"type":"text","text":"ok","citations":[]}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":10,"cache_read_input_tokens":5,"cache_creation_input_tokens":8,"cache_creation":{"ephemeral_5m_input_tokens":2,"ephemeral_1h_input_tokens":6},"output_tokens":4,"service_tier":"standard","later":{"x":1}}}""";
        var (answer, message) = MessagesRun.Whole(Body, Claude);
        Assert.Equal(
            Body.Trim().Replace("claude-sonnet-4-5-2025", "mine", StringComparison.Ordinal)
                .Replace("\"s\\/ig\"", "\"imx1.p.claude-sonnet-4-5.s/ig\"", StringComparison.Ordinal).Replace("\"data\":\"d\"", "\"data\":\"imx1.p.claude-sonnet-4-5.d\"", StringComparison.Ordinal),
            message.GetRawText());
        Assert.Equal((new TokenUsage(10, 5, 2, 6, 4), "default"), (answer.Usage!.Value, answer.ServiceTier));
        Assert.Equal("hé".Length + "ok".Length + "{\"q\":1.50}".Length, answer.OutputCharacters);
    }

    [Fact]
    public void Usage_OfSeveralAttempts_IsTheirSum()
    {
        var (answer, _) = MessagesRun.Whole(
            """{"type":"message","content":[],"usage":{"input_tokens":10,"output_tokens":4,"iterations":[{"type":"compaction","input_tokens":100,"output_tokens":50,"cache_creation":{"ephemeral_1h_input_tokens":7}},{"type":"message","input_tokens":10,"output_tokens":4}]}}""",
            Claude);
        Assert.Equal(new TokenUsage(110, 0, 0, 7, 54), answer.Usage);
    }

    [Theory]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"x"}}""", FailureClass.Overloaded)]
    [InlineData("<html>", FailureClass.ServerFault)]
    [InlineData("{}", FailureClass.ServerFault)]
    public void WholeAnswer_ThatIsNone_IsAFailure(string body, FailureClass expected) => Assert.Equal(expected, MessagesRun.Whole(body, Claude).Answer.Failure?.Class);

    [Fact]
    public void Failure_IsRelayedInAnthropicsShapeWithItsRequestId()
    {
        using var response = new HttpResponseMessage();
        var failure = MessagesRun.For(Claude).ReadFailure(400, response.Headers, """{"type":"error","error":{"type":"invalid_request_error","message":"bad sk-ant-api03-abcdefgh"},"request_id":"req_9"}"""u8);
        Assert.Equal(FailureClass.CallerFault, failure.Class);
        var relayed = JsonDocument.Parse(failure.RelayBody).RootElement;
        Assert.Equal(("error", "invalid_request_error", "req_9"), (
            relayed.GetProperty("type").GetString(), relayed.GetProperty("error").GetProperty("type").GetString(), relayed.GetProperty("request_id").GetString()));
        Assert.DoesNotContain("abcdefgh", Encoding.UTF8.GetString(failure.RelayBody.Span), StringComparison.Ordinal);
    }

    private static readonly string[] Streamed =
    [
        """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":25,"cache_read_input_tokens":5,"output_tokens":1}}}""",
        """{"type":"ping"}""",
        """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"h\u00e9 🙂"}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"sig+/="}}""",
        """{"type":"content_block_stop","index":0}""",
        """{"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"red"}}""",
        """{"type":"content_block_stop","index":1}""",
        """{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"f","input":{}}}""",
        """{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}""",
        """{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"1}"}}   """,
        """{"type":"content_block_stop","index":2}""",
        """{"type":"a_later_event","x":1}""",
        """{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":25,"cache_read_input_tokens":5,"output_tokens":40,"output_tokens_details":{"thinking_tokens":12}}}""",
        """{"type":"message_stop"}""",
    ];

    [Fact]
    public void Stream_GoesOnEventByEventAndHoldsItsEnd()
    {
        var streamed = MessagesRun.Stream(Streamed, Claude);
        Assert.True(streamed.Ended);
        Assert.Equal(new TokenUsage(25, 5, 0, 0, 40, 12), streamed.Usage);
        Assert.DoesNotContain("message_delta", streamed.BeforeEnd, StringComparison.Ordinal);
        Assert.Contains("event: a_later_event\ndata: {\"type\":\"a_later_event\",\"x\":1}\n\n", streamed.Text, StringComparison.Ordinal);
        Assert.Equal(1, streamed.Ending["infermux"]!["cost_usd"]!.GetValue<int>());
        var message = streamed.Message();
        Assert.Equal("mine", message["model"]!.GetValue<string>());
        Same.Json(
            """[{"type":"thinking","thinking":"hé 🙂","signature":"imx1.p.claude-sonnet-4-5.sig+/="},{"type":"redacted_thinking","data":"imx1.p.claude-sonnet-4-5.red"},{"type":"tool_use","id":"toolu_1","name":"f","input":{"a":1}}]""",
            message["content"]);
    }

    [Fact]
    public void Stream_CutAtEveryByte_SaysTheSame()
    {
        var wire = Translation.Wire(Streamed);
        var whole = MessagesRun.Stream(wire, [int.MaxValue], Claude);
        for (var cut = 1; cut < wire.Length; cut++)
        {
            Assert.Equal(whole.Text, MessagesRun.Stream(wire, [cut, int.MaxValue], Claude).Text);
        }

        Assert.Equal(whole.Text, MessagesRun.Stream(wire, [1], Claude).Text);
    }

    [Theory]
    [InlineData("messages-stream-thinking.http.json")]
    [InlineData("messages-stream-tools.http.json")]
    public void RecordedStream_CutAtEveryByte_SaysTheSame(string file)
    {
        foreach (var (_, _, _, body) in Recorded.Read($"anthropic/{file}").Where(static reply => reply.Status == 200))
        {
            var whole = MessagesRun.Stream(body, [int.MaxValue], Claude);
            Assert.Null(whole.Failure);
            Assert.NotEmpty(whole.Message()["content"]!.AsArray());
            for (var cut = 1; cut < body.Length; cut += 1 + (cut / 64)) // every byte of the beginning, thinner later: the test above cuts everywhere
            {
                Assert.Equal(whole.Text, MessagesRun.Stream(body, [cut, int.MaxValue], Claude).Text);
            }
        }
    }

    [Theory]
    [InlineData(13, FailureClass.BrokenStream)]
    [InlineData(1, FailureClass.BrokenStream)]
    public void Stream_WithoutItsTerminalMark_IsBroken(int events, FailureClass expected) =>
        Assert.Equal(expected, MessagesRun.Stream(Streamed.Take(events), Claude).Failure?.Class);

    [Fact]
    public void Stream_WithAnError_IsAFailureAndTheErrorIsNotWritten()
    {
        var streamed = MessagesRun.Stream([.. Streamed.Take(4), """{"type":"error","error":{"type":"overloaded_error","message":"busy"}}"""], Claude);
        Assert.Equal(FailureClass.Overloaded, streamed.Failure?.Class);
        Assert.DoesNotContain("busy", streamed.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Refusal_BeforeOutputOfAModelThatDoesNotBillIt_CostsNothing()
    {
        string[] events = [Streamed[0], """{"type":"message_delta","delta":{"stop_reason":"refusal","stop_sequence":null},"usage":{"output_tokens":5}}""", Streamed[^1]];
        Assert.Equal(new TokenUsage(0), MessagesRun.Stream(events, MessagesRun.Target(model: "claude-opus-5-5")).Usage);
        Assert.Equal(new TokenUsage(25, 5, 0, 0, 5), MessagesRun.Stream(events, Claude).Usage);
    }
}
