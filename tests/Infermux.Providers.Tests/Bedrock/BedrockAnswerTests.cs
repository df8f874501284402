using System.Text;
using System.Text.Json;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Pivot;
using Infermux.Providers.Tests.Fixtures;
using Xunit;
using static Infermux.Providers.Tests.Bedrock.Converse;

namespace Infermux.Providers.Tests.Bedrock;

public sealed class BedrockAnswerTests
{
    private const string Schema = """ "response_format":{"type":"json_schema","json_schema":{"name":"reply","schema":{"type":"object"}}} """;

    [Theory]
    [InlineData("end_turn", "stop")]
    [InlineData("stop_sequence", "stop")]
    [InlineData("max_tokens", "length")]
    [InlineData("model_context_window_exceeded", "length")]
    [InlineData("guardrail_intervened", "content_filter")]
    [InlineData("content_filtered", "content_filter")]
    [InlineData("of_a_later_time", "stop")]
    public void StopReason_OfAWholeAnswerAndAStream_IsOpenAis(string reason, string expected)
    {
        var (_, json) = Whole(Message("""{"text":"x"}""", reason));
        Assert.Equal(expected, json.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(expected, Stream([Start, Text("x"), Stop(reason), Metadata()]).Finish());
    }

    [Theory]
    [InlineData("malformed_model_output")]
    [InlineData("malformed_tool_use")]
    public void Answer_ThatBedrockCouldNotRead_IsTheProvidersFaultAndBilled(string reason)
    {
        var (answer, _) = Whole(Message("""{"text":"x"}""", reason));
        Assert.Equal((FailureClass.ServerFault, new TokenUsage(3, Output: 2)), (answer.Failure!.Class, answer.Usage));
        Assert.Equal(FailureClass.ServerFault, Stream([Start, Text("x"), Stop(reason), Metadata()]).Failure);
    }

    [Fact]
    public void Blocks_OfAWholeAnswer_BecomeTextCallsAndMarkedReasoning()
    {
        var (answer, json) = Whole(Message(
            """
            {"reasoningContent":{"reasoningText":{"text":"hm \"q\"","signature":"c2ln"}}},{"reasoningContent":{"redactedContent":"AAEC"}},{"text":"naïve "},{"text":"🙂"},
            {"toolUse":{"toolUseId":"tooluse_1","name":"f","input":{"a": 1.50}}},{"citationsContent":{}}
            """, "tool_use"));
        var choice = json.GetProperty("choices")[0];
        var message = choice.GetProperty("message");
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(("naïve 🙂", "hm \"q\""), (message.GetProperty("content").GetString(), message.GetProperty("reasoning_content").GetString()));
        var call = message.GetProperty("tool_calls")[0];
        Assert.Equal(("tooluse_1", """{"a": 1.50}"""), (call.GetProperty("id").GetString(), call.GetProperty("function").GetProperty("arguments").GetString()));
        var details = message.GetProperty("reasoning_details");
        Assert.Equal(("hm \"q\"", OpaqueMark.Add(Target(), "c2ln")), (details[0].GetProperty("text").GetString(), details[0].GetProperty("signature").GetString()));
        Assert.Equal(OpaqueMark.Add(Target(), "AAEC"), details[1].GetProperty("data").GetString());
        Assert.Equal(("chatcmpl-r1", "mine"), (json.GetProperty("id").GetString(), json.GetProperty("model").GetString()));
        Assert.Equal("naïve 🙂hm \"q\"".Length + """{"a": 1.50}""".Length, answer.OutputCharacters);
    }

    [Fact]
    public void Reasoning_OfAnAnswer_GoesBackAsItCame()
    {
        var (_, json) = Whole(Message("""{"reasoningContent":{"reasoningText":{"text":"hm","signature":"c2ln"}}},{"text":"a"}"""));
        var message = json.GetProperty("choices")[0].GetProperty("message").GetRawText();
        var sent = Sent($$"""  "messages":[{"role":"user","content":"q"},{{message}},{"role":"user","content":"r"}]""");
        Assert.Equal("""{"reasoningContent":{"reasoningText":{"text":"hm","signature":"c2ln"}}}""", sent.GetProperty("messages")[1].GetProperty("content")[0].GetRawText());
    }

    [Theory] // usage as sent → fresh, read, written, written for an hour, output, and the settled cost by hand
    [InlineData("""{"inputTokens":10,"outputTokens":5,"totalTokens":15}""", 10, 0, 0, 0, 5)] // 10×1 + 5×5 = 35
    [InlineData("""{"inputTokens":2,"cacheWriteInputTokens":1322,"outputTokens":5,"totalTokens":1329}""", 2, 0, 1322, 0, 5)] // all four in the total: beside the input
    [InlineData("""{"inputTokens":100,"cacheReadInputTokens":60,"cacheWriteInputTokens":10,"outputTokens":5,"totalTokens":105}""", 30, 60, 10, 0, 5)] // two in the total: inside
    [InlineData("""{"inputTokens":2,"cacheReadInputTokens":60,"outputTokens":5}""", 2, 60, 0, 0, 5)] // no total
    [InlineData("""{"inputTokens":2,"cacheWriteInputTokens":30,"cacheDetails":[{"ttl":"5m","inputTokens":10},{"ttl":"1h","inputTokens":20}],"outputTokens":5,"totalTokens":37}""", 2, 0, 10, 20, 5)]
    [InlineData("""{"inputTokens":5,"cacheReadInputTokens":60,"outputTokens":5,"totalTokens":10}""", 0, 5, 0, 0, 5)] // more cached than there was
    [InlineData("""{"inputTokens":0,"outputTokens":0,"totalTokens":0}""", 0, 0, 0, 0, 0)]
    public void Usage_IsReadByWhatItsTotalSays(string usage, long fresh, long read, long write, long hour, long output)
    {
        var expected = new TokenUsage(fresh, read, write, hour, output);
        var (answer, json) = Whole(Message("""{"text":"x"}""", usage: usage));
        Assert.Equal(expected, answer.Usage);
        Assert.Equal(fresh + read + write + hour, json.GetProperty("usage").GetProperty("prompt_tokens").GetInt64());
        var stream = Stream([Start, Text("x"), Stop(), Metadata(usage)]);
        Assert.Equal(expected, stream.Usage);
        Assert.Equal(json.GetProperty("usage").GetRawText(), stream.Chunks()[^1].GetProperty("usage").GetRawText());
    }

    [Fact]
    public void Usage_ThatIsNotThere_IsNull() => Assert.Null(Whole("""{"output":{"message":{"content":[]}},"stopReason":"end_turn"}""").Answer.Usage);

    /// <summary>
    /// By hand, USD per million tokens of us.anthropic.claude-sonnet-4-5 in the table: input 3.3, output 16.5, cache read 0.33, cache write 4.125; of
    /// anthropic.claude-3-sonnet: 3 and 15.
    /// </summary>
    [Fact]
    public void Recording_CacheUsage_IsBilledByHand()
    {
        var replies = Recorded.Read("bedrock/converse-cache-usage.http.json");
        var written = Whole(Encoding.UTF8.GetString(replies[0].Body)).Answer.Usage!.Value;
        var read = Whole(Encoding.UTF8.GetString(replies[1].Body)).Answer.Usage!.Value;
        Assert.Equal((new TokenUsage(2, 0, 1322, 0, 5), new TokenUsage(2, 1322, 0, 0, 5)), (written, read));
        const string model = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
        Assert.Equal(0.00554235m, Cost(model, written)); // 2×3.3 + 1322×4.125 + 5×16.5 = 6.6 + 5453.25 + 82.5 = 5542.35
        Assert.Equal(0.00052536m, Cost(model, read)); // 6.6 + 1322×0.33 + 82.5 = 6.6 + 436.26 + 82.5 = 525.36
        Assert.Equal(0.001578m, Cost("anthropic.claude-3-sonnet-20240229-v1:0", new TokenUsage(236, Output: 58))); // 236×3 + 58×15 = 708 + 870
    }

    [Fact]
    public void ForcedAnswerTool_ComesBackAsText()
    {
        var (_, json) = Whole(Message("""{"toolUse":{"toolUseId":"t","name":"reply","input":{"a":"ü"}}}""", "tool_use"), $"{Hi},{Schema}", Sonnet4);
        var choice = json.GetProperty("choices")[0];
        Assert.Equal(("""{"a":"ü"}""", "stop"), (choice.GetProperty("message").GetProperty("content").GetString(), choice.GetProperty("finish_reason").GetString()));
        var stream = Stream([Start, Tool(0, "t", "reply"), Input("{\"a\":", 0), Input("1}", 0), BlockStop(0), Stop("tool_use"), Metadata()], $"{Hi},{Schema}", Sonnet4);
        Assert.Equal(("{\"a\":1}", "stop", 0), (stream.Joined("content"), stream.Finish(), stream.Calls().Count));
    }

    [Theory]
    [InlineData("<html><title>Oops</title></html>")]
    [InlineData("")]
    [InlineData("{\"choices\":[]}")]
    [InlineData("{\"message\":\"no\"}")]
    [InlineData("{\"output\":{\"message\":{\"content\":[{\"te")]
    [InlineData("[1]")]
    public void WholeAnswer_ThatIsNone_IsAFailure(string body) => Assert.Equal(FailureClass.ServerFault, Whole(body).Answer.Failure?.Class);

    private static decimal Cost(string model, TokenUsage usage)
    {
        var provider = new ProviderOptions { Name = "aws", Type = ProviderType.Bedrock };
        return PriceTable.Build(new InfermuxOptions { Providers = [provider] }).Find(provider, model)!.Cost(usage);
    }
}
