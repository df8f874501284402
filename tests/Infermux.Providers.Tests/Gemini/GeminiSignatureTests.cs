using System.Text.Json;
using Infermux.Providers.Pivot;
using Xunit;
using static Infermux.Providers.Tests.Gemini.Translation;

namespace Infermux.Providers.Tests.Gemini;

/// <summary>Protocols 9.3 and decision 0018: signatures go back to who made them, and to nobody else.</summary>
public sealed class GeminiSignatureTests
{
    private const string Skip = "skip_thought_signature_validator";

    [Fact]
    public void Signatures_OfThisMaker_GoBackOnTheirParts()
    {
        var contents = Contents("\"text\"", Item("sig-c", Pro3, "c2"), Item("sig-t", Pro3, null));
        Assert.Equal("sig-t", Signature(contents[1], 0));
        Assert.Equal((Skip, "sig-c"), (Signature(contents[1], 1), Signature(contents[1], 2))); // the first call of a step must have one
    }

    [Fact]
    public void Signature_OfTheFirstCall_NeedsNoStandIn()
    {
        var contents = Contents("null", Item("sig-c", Pro3, "c1"));
        Assert.Equal(("sig-c", null), (Signature(contents[1], 0), Signature(contents[1], 1)));
    }

    [Fact]
    public void Signature_WithoutText_GoesBackOnAnEmptyPart()
    {
        var sent = Sent($$"""  "messages":[{"role":"user","content":"q"},{"role":"assistant","content":"","reasoning_details":[{{Item("sig-a", Pro3, null)}}]},{"role":"user","content":"u"}]""", Pro3);
        Assert.Equal("""[{"text":"","thoughtSignature":"sig-a"}]""", sent.GetProperty("contents")[1].GetProperty("parts").GetRawText());
    }

    [Theory]
    [InlineData("gemini-3-flash-preview", "google-gemini-v1")] // of another model
    [InlineData(Pro3, "anthropic-claude-v1")] // of another dialect
    public void Signature_OfAnotherMaker_IsLeftOutAndNamed(string maker, string format)
    {
        var item = Item("sig-c", maker, "c1").Replace("google-gemini-v1", format, StringComparison.Ordinal);
        Assert.Equal(Skip, Signature(Contents("null", item)[1], 0));
        Assert.Equal("reasoning_details", string.Join(' ', Dropped(Members("null", item), Pro3)));
    }

    [Fact]
    public void Signature_WithoutAMark_IsLeftOutAndNamed()
    {
        const string bare = """{"type":"reasoning.encrypted","id":"c1","format":"google-gemini-v1","data":"bare"}""";
        Assert.Equal(Skip, Signature(Contents("null", bare)[1], 0));
        Assert.Equal("reasoning_details", string.Join(' ', Dropped(Members("null", bare), Pro3)));
    }

    [Theory]
    [InlineData("""{"type":"reasoning.summary","summary":"s"}""")]
    [InlineData("""{"type":"reasoning.text","text":"t"}""")]
    public void Item_ThatNobodyNeedsBack_IsNotNamed(string item) => Assert.Empty(Dropped(Members("null", item), Pro3));

    [Theory]
    [InlineData(Flash25)]
    [InlineData("gemma-3-27b-it")]
    public void Calls_ToModelsThatWantNoSignature_GetNoStandIn(string model) =>
        Assert.Null(Signature(Sent(Members("null"), model).GetProperty("contents")[1], 0));

    private static JsonElement Contents(string text, params string[] items) => Sent(Members(text, items), Pro3).GetProperty("contents");

    private static string Members(string text, params string[] items) => $$$"""
        "messages":[{"role":"user","content":"q"},{"role":"assistant","content":{{{text}}},"reasoning_content":"never sent","reasoning_details":[{{{string.Join(',', items)}}}],
        "tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"c2","type":"function","function":{"name":"f","arguments":"{}"}}]},
        {"role":"tool","tool_call_id":"c1","content":"1"},{"role":"tool","tool_call_id":"c2","content":"2"}]
        """;

    private static string Item(string signature, string maker, string? call) =>
        $$"""{"type":"reasoning.encrypted"{{(call is null ? "" : $",\"id\":\"{call}\"")}},"format":"google-gemini-v1","data":"{{OpaqueMark.Add(Target(maker), signature)}}","index":0}""";

    private static string? Signature(JsonElement content, int part) =>
        content.GetProperty("parts")[part].TryGetProperty("thoughtSignature", out var signature) ? signature.GetString() : null;
}
