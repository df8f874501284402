using System.Text;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Providers.Pivot;
using Xunit;
using static Infermux.Providers.Tests.Gemini.Translation;

namespace Infermux.Providers.Tests.Gemini;

public sealed class GeminiAnswerTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Theory] // protocols 9.2
    [InlineData("STOP", "stop")]
    [InlineData("MAX_TOKENS", "length")]
    [InlineData("SAFETY", "content_filter")]
    [InlineData("RECITATION", "content_filter")]
    [InlineData("BLOCKLIST", "content_filter")]
    [InlineData("PROHIBITED_CONTENT", "content_filter")]
    [InlineData("SPII", "content_filter")]
    [InlineData("LANGUAGE", "content_filter")]
    [InlineData("IMAGE_SAFETY", "content_filter")]
    [InlineData("OTHER", "stop")]
    [InlineData("OF_A_LATER_TIME", "stop")]
    public void FinishReason_OfAWholeAnswerAndAStream_IsChats(string reason, string expected)
    {
        var response = $$"""{"candidates":[{"content":{"parts":[{"text":"x"}]},"finishReason":"{{reason}}","index":0}]}""";
        Assert.Equal(expected, Choice(Whole(response).Json).GetProperty("finish_reason").GetString());
        Assert.Equal(expected, Stream([response]).Finish());
    }

    [Theory]
    [InlineData("MALFORMED_FUNCTION_CALL")]
    [InlineData("UNEXPECTED_TOOL_CALL")]
    [InlineData("TOO_MANY_TOOL_CALLS")]
    public void FinishReason_OfACallThatIsNone_IsAFaultOfTheProvider(string reason)
    {
        var response = $$$"""{"candidates":[{"finishReason":"{{{reason}}}","index":0}],"usageMetadata":{"promptTokenCount":7}}""";
        var (answer, _) = Whole(response);
        Assert.Equal((FailureClass.ServerFault, 7L), (answer.Failure!.Class, answer.Failure.Usage!.Value.Prompt));
        Assert.Equal(FailureClass.ServerFault, Stream([response]).Failure);
    }

    [Fact]
    public void Calls_OfAWholeAnswer_KeepTheirArgumentsAndGetIds()
    {
        var message = Message("parallel tools");
        var calls = message.GetProperty("tool_calls").EnumerateArray().ToList();
        Assert.Equal(["weather {\"city\":\"Zürich\",\"days\":1.50}", "clock {}"], calls.Select(static c => $"{c.GetProperty("function").GetProperty("name").GetString()} {c.GetProperty("function").GetProperty("arguments").GetString()}"));
        Assert.All(calls, static c => Assert.Matches("^call_[0-9A-Za-z]{24}$", c.GetProperty("id").GetString()));
        Assert.NotEqual(calls[0].GetProperty("id").GetString(), calls[1].GetProperty("id").GetString());
        Assert.Equal("Looking.", message.GetProperty("content").GetString());
        Assert.Equal("tool_calls", Choice(Merged("parallel tools")).GetProperty("finish_reason").GetString());
        Assert.Equal("fc-1", Message("calls with ids").GetProperty("tool_calls")[0].GetProperty("id").GetString());
    }

    [Fact]
    public void Calls_WithoutText_HaveNoContent() => Assert.Equal(JsonValueKind.Null, Message("calls with ids").GetProperty("content").ValueKind);

    [Fact]
    public void Signature_OfACall_IsAnItemThatNamesCallAndMaker()
    {
        var message = Message("parallel tools");
        var item = Assert.Single(message.GetProperty("reasoning_details").EnumerateArray());
        Assert.Equal("reasoning.encrypted google-gemini-v1", $"{item.GetProperty("type").GetString()} {item.GetProperty("format").GetString()}");
        Assert.Equal(message.GetProperty("tool_calls")[0].GetProperty("id").GetString(), item.GetProperty("id").GetString());
        Assert.Equal("imx1.google.gemini-2%2E5-flash.c2lnLWNhbGw=", item.GetProperty("data").GetString());
        Assert.Equal("c2lnLWNhbGw=", OpaqueMark.Take(Target(), item.GetProperty("data").GetString()));
    }

    [Fact]
    public void Answer_SentBackWithItsResults_CarriesItsSignature()
    {
        var message = Message("parallel tools");
        var results = string.Join(',', message.GetProperty("tool_calls").EnumerateArray().Select(static call => $$"""{"role":"tool","tool_call_id":"{{call.GetProperty("id").GetString()}}","content":"r"}"""));
        var contents = Sent($$"""  "messages":[{"role":"user","content":"q"},{{message.GetRawText()}},{{results}}]""").GetProperty("contents");
        Assert.Equal("c2lnLWNhbGw=", contents[1].GetProperty("parts")[1].GetProperty("thoughtSignature").GetString());
        Assert.Equal(["weather", "clock"], contents[2].GetProperty("parts").EnumerateArray().Select(static part => part.GetProperty("functionResponse").GetProperty("name").GetString()));
    }

    [Fact]
    public void Thoughts_AreReasoningAndNeverContent()
    {
        var message = Message("thoughts");
        Assert.Equal(("hm 🙂", "42"), (message.GetProperty("reasoning_content").GetString(), message.GetProperty("content").GetString()));
        Assert.Equal("imx1.google.gemini-2%2E5-flash.c2lnLXRleHQ=", message.GetProperty("reasoning_details")[0].GetProperty("data").GetString());
    }

    [Fact]
    public void Answer_WithoutParts_IsAnEmptyText()
    {
        var choice = Choice(Merged("no parts"));
        Assert.Equal(("", "length"), (choice.GetProperty("message").GetProperty("content").GetString(), choice.GetProperty("finish_reason").GetString()));
    }

    [Theory]
    [InlineData("cut by a filter", "so far", null)]
    [InlineData("withheld", "", "Too close to a known text.")]
    [InlineData("blocked prompt", "", "Gemini blocked the prompt (PROHIBITED_CONTENT).")]
    public void Filter_SaysWhyWhereThereIsNoText(string fixture, string content, string? refusal)
    {
        var choice = Choice(Merged(fixture));
        var message = choice.GetProperty("message");
        Assert.Equal((content, refusal, "content_filter"), (message.GetProperty("content").GetString(), message.GetProperty("refusal").GetString(), choice.GetProperty("finish_reason").GetString()));
        var stream = Stream(GeminiFixtures.All[fixture]);
        Assert.Equal((content, refusal ?? "", "content_filter"), (stream.Joined("content"), stream.Joined("refusal"), stream.Finish()));
    }

    [Fact]
    public void Candidates_BecomeChoicesInTheirOrder()
    {
        var choices = Merged("two candidates").GetProperty("choices").EnumerateArray().Select(static c => $"{c.GetProperty("index")} {c.GetProperty("message").GetProperty("content").GetString()} {c.GetProperty("finish_reason").GetString()}");
        Assert.Equal(["0 aA stop", "1 bB length"], choices);
    }

    [Fact]
    public void Logprobs_BecomeChats() => Assert.Equal(
        """{"content":[{"token":"Hé","logprob":-0.1,"bytes":[72,195,169],"top_logprobs":[{"token":"Hé","logprob":-0.1,"bytes":[72,195,169]},{"token":"Ha","logprob":-2.5,"bytes":[72,97]}]},{"token":"!","logprob":0,"bytes":[33],"top_logprobs":[]}],"refusal":null}""",
        Choice(Merged("logprobs")).GetProperty("logprobs").GetRawText());

    [Fact]
    public void Answer_NamesTheCallersModelAndGeminisId()
    {
        var json = Merged("text");
        Assert.Equal(("mine", "R1", "chat.completion"), (json.GetProperty("model").GetString(), json.GetProperty("id").GetString(), json.GetProperty("object").GetString()));
        Assert.Equal("naïve \"q\"\n🙂 answer", Choice(json).GetProperty("message").GetProperty("content").GetString());
    }

    [Theory]
    [MemberData(nameof(GeminiFixtures.Names), MemberType = typeof(GeminiFixtures))]
    public void Answer_WholeOrStreamed_SaysTheSame(string fixture)
    {
        var message = Message(fixture);
        var stream = Stream(GeminiFixtures.All[fixture]);
        if (fixture is "two candidates")
        {
            Assert.Equal("abBA", stream.Joined("content"));
            return;
        }

        Assert.Equal(Text(message, "content"), stream.Joined("content"));
        Assert.Equal(Text(message, "reasoning_content"), stream.Joined("reasoning_content"));
        Assert.Equal(Choice(Merged(fixture)).GetProperty("finish_reason").GetString(), stream.Finish());
        Assert.Equal(Merged(fixture).GetProperty("usage").GetRawText(), stream.Chunks()[^1].GetProperty("usage").GetRawText());
        Assert.Equal(WholeOf(fixture).Answer.OutputCharacters, stream.Characters);
        var calls = message.TryGetProperty("tool_calls", out var list) ? list.EnumerateArray().ToList() : [];
        Assert.Equal(calls.Select(static c => (c.GetProperty("id").GetString()!, c.GetProperty("function").GetProperty("name").GetString()!, c.GetProperty("function").GetProperty("arguments").GetString()!)), stream.Calls());
    }

    [Theory]
    [InlineData("<html><title>Oops</title></html>", FailureClass.ServerFault)]
    [InlineData("", FailureClass.ServerFault)]
    [InlineData("7", FailureClass.ServerFault)]
    [InlineData("[]", FailureClass.ServerFault)]
    [InlineData("{\"choices\":[]}", FailureClass.ServerFault)]
    [InlineData("{\"candidates\":[]}", FailureClass.ServerFault)]
    [InlineData("{\"candidates\":[{\"content\":{\"par", FailureClass.ServerFault)]
    [InlineData("""{"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}}""", FailureClass.Overloaded)]
    [InlineData("""[{"error":{"code":429,"message":"slow","status":"RESOURCE_EXHAUSTED"}}]""", FailureClass.RateLimited)]
    public void WholeAnswer_ThatIsNone_IsAFailure(string body, FailureClass expected) => Assert.Equal(expected, Whole(body).Answer.Failure?.Class);

    [Fact]
    public void WholeAnswer_PrettyPrintedWithAByteOrderMark_IsRead()
    {
        var pretty = System.Text.Json.Nodes.JsonNode.Parse(GeminiFixtures.All["parallel tools"][0])!.ToJsonString(Indented);
        var message = Choice(Whole("\uFEFF" + pretty).Json).GetProperty("message");
        Assert.Equal("{\"city\":\"Z\\u00FCrich\",\"days\":1.50}", message.GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
    }

    private static (WholeAnswer Answer, JsonElement Json) WholeOf(string fixture) => Whole(Encoding.UTF8.GetString(ArrayWire(GeminiFixtures.All[fixture])));

    private static JsonElement Merged(string fixture) => WholeOf(fixture).Json;

    private static JsonElement Message(string fixture) => Choice(Merged(fixture)).GetProperty("message");

    private static JsonElement Choice(JsonElement json) => json.GetProperty("choices")[0];

    private static string Text(JsonElement message, string member) => message.TryGetProperty(member, out var text) ? text.GetString() ?? "" : "";
}
