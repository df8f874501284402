using System.Text.Json;
using Infermux.Providers.Pivot;
using Xunit;

namespace Infermux.Providers.Tests.Anthropic;

/// <summary>Thinking that a chat caller gets, and sends back.</summary>
public sealed class SignedThinkingTests
{
    private static string Mark(string value) => OpaqueMark.Add(Translation.Target(), value);

    [Fact]
    public void WholeAnswer_CarriesItsOpaqueItemsInOrder()
    {
        var (_, json) = Translation.Whole(
            """{"type":"message","content":[{"type":"thinking","thinking":"t\u00e9","signature":"s1"},{"type":"redacted_thinking","data":"d1"},{"type":"thinking","thinking":"","signature":"s2"},{"type":"text","text":"x"}],"stop_reason":"end_turn"}""");
        var message = json.GetProperty("choices")[0].GetProperty("message");
        Assert.Equal("té", message.GetProperty("reasoning_content").GetString());
        Messages.Same.Json($$"""
            [{"type":"reasoning.text","text":"té","signature":"{{Mark("s1")}}","index":0},{"type":"reasoning.encrypted","data":"{{Mark("d1")}}","index":1},
             {"type":"reasoning.text","text":"","signature":"{{Mark("s2")}}","index":2}]
            """, message.GetProperty("reasoning_details"));
    }

    [Fact]
    public void Stream_ShowsTheTextAsItComesAndHandsTheSignedItemOverOnce()
    {
        var run = Translation.Stream(
        [
            """{"type":"message_start","message":{"id":"m","usage":{"input_tokens":1}}}""",
            """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"a\u00e9"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"b"}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"s\/1"}}""",
            """{"type":"content_block_stop","index":0}""",
            """{"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"d"}}""",
            """{"type":"content_block_stop","index":1}""",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3}}""",
            """{"type":"message_stop"}""",
        ]);
        Assert.Equal("aéb", run.Joined("reasoning_content"));
        var details = run.Deltas().Where(static delta => delta.TryGetProperty("reasoning_details", out _)).SelectMany(static delta => delta.GetProperty("reasoning_details").EnumerateArray()).ToList();
        Messages.Same.Json(
            $$"""[{"type":"reasoning.text","text":"aéb","signature":"{{Mark("s/1")}}","index":0},{"type":"reasoning.encrypted","data":"{{Mark("d")}}","index":1}]""",
            JsonSerializer.SerializeToElement(details));
    }

    [Fact]
    public void OwnItems_BeginTheTurnAndOthersAreLeftOutAndNamed()
    {
        var members = $$"""
            "messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b","reasoning_content":"shown",
            "reasoning_details":[{"type":"reasoning.text","text":"t","signature":"{{Mark("s")}}"},{"type":"reasoning.encrypted","data":"{{Mark("d")}}"},
            {"type":"reasoning.text","text":"x","signature":"imx1.q.m.s"},{"type":"reasoning.encrypted","data":"unmarked"},{"type":"reasoning.summary","summary":"y"}]},
            {"role":"user","content":"c"},{"role":"assistant","reasoning_details":[{"type":"reasoning.text","text":"alone","signature":"{{Mark("s")}}"}]},{"role":"user","content":"d"}]
            """;
        var messages = Translation.Sent(members).GetProperty("messages");
        Messages.Same.Json(
            """[{"type":"thinking","thinking":"t","signature":"s"},{"type":"redacted_thinking","data":"d"},{"type":"text","text":"b"}]""", messages[1].GetProperty("content"));
        Assert.Equal(3, messages.GetArrayLength()); // a turn of thinking alone is none
        Assert.Equal(["reasoning_details"], Translation.Dropped(members));
    }

    [Theory]
    [InlineData(true, "enabled")]
    [InlineData(false, null)]
    public void Budget_InAToolLoop_StaysOnWhereTheTurnBeginsWithThinking(bool isSigned, string? expected)
    {
        var details = isSigned ? $$""","reasoning_details":[{"type":"reasoning.text","text":"t","signature":"{{Mark("s")}}"}]""" : "";
        var members = $$$"""
            "reasoning_effort":"high","messages":[{"role":"user","content":"a"},
            {"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]{{{details}}}},{"role":"tool","tool_call_id":"c","content":"r"}],
            "tools":[{"type":"function","function":{"name":"f"}}]
            """;
        var sent = Translation.Sent(members, Translation.Target() with { ModelMaxOutput = 64_000 });
        Assert.Equal(expected, sent.TryGetProperty("thinking", out var thinking) ? thinking.GetProperty("type").GetString() : null);
        Assert.Equal(isSigned ? [] : ["reasoning_effort"], Translation.Dropped(members));
    }

    [Fact]
    public void FailedTool_IsToldAsSuch() => Assert.True(Translation.Sent("""
        "messages":[{"role":"user","content":"a"},{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},
        {"role":"tool","tool_call_id":"c","content":"r","is_error":true}]
        """).GetProperty("messages")[2].GetProperty("content")[0].GetProperty("is_error").GetBoolean());
}
