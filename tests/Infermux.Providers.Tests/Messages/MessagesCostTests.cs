using Infermux.Core.Pricing;
using Infermux.Providers.Tests.Anthropic;
using Infermux.Providers.Tests.Fixtures;
using Xunit;

namespace Infermux.Providers.Tests.Messages;

/// <summary>What an answer to a Messages caller costs, worked out by hand: USD per million tokens 3 in, 15 out, 0.30 read, 3.75 written, 6 written for an hour.</summary>
public sealed class MessagesCostTests
{
    private static readonly ModelPrice Price = new() { Input = 3m, Output = 15m, CacheRead = 0.30m, CacheWrite = 3.75m, CacheWriteLong = 6m };

    [Theory]
    [InlineData("""{"input_tokens":1000,"output_tokens":100}""", 0.0045)] // 1000 × 3 + 100 × 15 = 4500
    [InlineData("""{"input_tokens":10,"cache_read_input_tokens":2000,"cache_creation_input_tokens":800,"output_tokens":4}""", 0.00369)] // 30 + 600 + 3000 + 60
    [InlineData("""{"input_tokens":10,"cache_creation_input_tokens":800,"cache_creation":{"ephemeral_5m_input_tokens":300,"ephemeral_1h_input_tokens":500},"output_tokens":0}""", 0.004155)] // 30 + 1125 + 3000
    [InlineData("""{"input_tokens":5,"output_tokens":2,"iterations":[{"input_tokens":100,"output_tokens":20},{"input_tokens":5,"output_tokens":2}]}""", 0.000645)] // 105 × 3 + 22 × 15
    [InlineData("""{"input_tokens":7,"output_tokens":50,"output_tokens_details":{"thinking_tokens":40}}""", 0.000771)] // thinking is inside the output: 21 + 750
    public void Claude_WholeAndStreamed_CostsWhatItsUsageSays(string usage, double usd)
    {
        var target = MessagesRun.Target();
        Assert.Equal((decimal)usd, Price.Cost(MessagesRun.Whole($$"""{"type":"message","content":[],"stop_reason":"end_turn","usage":{{usage}} }""", target).Answer.Usage!.Value));
        Assert.Equal((decimal)usd, Price.Cost(MessagesRun.Stream(
        [
            """{"type":"message_start","message":{"id":"m","content":[],"usage":{"input_tokens":1,"output_tokens":1}}}""",
            $$"""{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{{usage}} }""",
            """{"type":"message_stop"}""",
        ], target).Usage!.Value));
    }

    [Theory]
    [InlineData("""{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100}""", 0.0045)] // 1000 × 3 + 100 × 15
    [InlineData("""{"prompt_tokens":1000,"completion_tokens":100,"prompt_tokens_details":{"cached_tokens":600,"cache_write_tokens":100}}""", 0.002955)] // 300 × 3 + 600 × 0.3 + 100 × 3.75 + 1500
    [InlineData("""{"prompt_tokens":35,"completion_tokens":12,"total_tokens":109}""", 0.001215)] // 62 hidden tokens of reasoning: 105 + 74 × 15
    public void Chat_WholeAndStreamed_CostsWhatItsUsageSays(string usage, double usd)
    {
        var target = MessagesRun.Chat();
        var whole = $$"""{"id":"x","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"}],"usage":{{usage}} }""";
        Assert.Equal((decimal)usd, Price.Cost(MessagesRun.Whole(whole, target).Answer.Usage!.Value));
        var chunk = $$"""{"id":"x","object":"chat.completion.chunk","choices":[],"usage":{{usage}} }""";
        Assert.Equal((decimal)usd, Price.Cost(MessagesRun.Stream([MessagesRun.Chunk("""{"content":"x"}"""), MessagesRun.Chunk("{}", "\"stop\""), chunk], target).Usage!.Value));
    }

    [Theory]
    [InlineData("messages-stream-thinking.http.json", 0.002133)] // 46 × 3 + 133 × 15
    [InlineData("messages-stream-tools.http.json", 0.002229)] // 543 × 3 + 40 × 15
    public void RecordedStream_CostsWhatItsUsageSays(string file, double usd)
    {
        var streams = Recorded.Read($"anthropic/{file}").Where(static reply => reply.Status == 200).ToList();
        Assert.Equal((decimal)usd, Price.Cost(MessagesRun.Stream(streams[0].Body, [11], MessagesRun.Target()).Usage!.Value));
    }

    [Theory]
    [InlineData("messages-cache-usage.http.json", 0, 0.0064323)] // 3 × 3 + 1111 × 0.3 + 406 × 15
    [InlineData("messages-cache-usage.http.json", 1, 0.0024048)] // 3 × 3 + 1111 × 0.3 + 418 × 3.75 + 33 × 15
    [InlineData("messages-parallel-tools.http.json", 0, 0.004299)] // 423 × 3 + 202 × 15
    [InlineData("messages-parallel-tools.http.json", 1, 0.003468)] // 771 × 3 + 77 × 15
    public void RecordedAnswer_CostsWhatItsUsageSays(string file, int n, double usd) =>
        Assert.Equal((decimal)usd, Price.Cost(MessagesRun.WholeBytes(Recorded.Read($"anthropic/{file}")[n].Body, MessagesRun.Target()).Answer.Usage!.Value));

    [Fact]
    public void Refusal_BeforeOutput_CostsNothingWhereItIsNotBilled()
    {
        const string Body = """{"type":"message","content":[],"stop_reason":"refusal","usage":{"input_tokens":1000,"output_tokens":5}}""";
        Assert.Equal(0m, Price.Cost(MessagesRun.Whole(Body, MessagesRun.Target(model: "claude-opus-5-5")).Answer.Usage!.Value));
        Assert.Equal(0.003075m, Price.Cost(MessagesRun.Whole(Body, MessagesRun.Target()).Answer.Usage!.Value));
    }
}
