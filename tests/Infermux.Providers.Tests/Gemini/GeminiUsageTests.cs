using System.Text;
using Infermux.Core.Configuration;
using Infermux.Core.Pricing;
using Infermux.Providers.Tests.Fixtures;
using Xunit;
using static Infermux.Providers.Tests.Gemini.Translation;

namespace Infermux.Providers.Tests.Gemini;

/// <summary>What each reply costs, worked out by hand: tokens × USD per million, over a million.</summary>
public sealed class GeminiUsageTests
{
    private static readonly PriceTable Prices = PriceTable.Build(new InfermuxOptions());

    [Theory] // reply, model; fresh, read, output, thoughts of it; cost in millionths of a USD
    [InlineData("text", "gemini-2.5-flash", 8, 0, 5, 0, 8 * 0.3 + 5 * 2.5)]
    [InlineData("thoughts", "gemini-2.5-flash", 10, 0, 2 + 33, 33, 10 * 0.3 + 2 * 2.5 + 33 * 2.5)]
    [InlineData("parallel tools", "gemini-2.5-flash", 40, 0, 25 + 20, 20, 40 * 0.3 + 25 * 2.5 + 20 * 2.5)]
    [InlineData("two candidates", "gemini-2.5-flash", 3, 0, 4, 0, 3 * 0.3 + 4 * 2.5)]
    [InlineData("no parts", "gemini-2.5-pro", 15, 0, 2, 2, 15 * 1.25 + 2 * 10)]
    [InlineData("cut by a filter", "gemini-2.5-flash", 9, 0, 2, 0, 9 * 0.3 + 2 * 2.5)]
    [InlineData("withheld", "gemini-2.5-flash", 9, 0, 0, 0, 9 * 0.3)]
    [InlineData("blocked prompt", "gemini-2.5-flash", 12, 0, 0, 0, 12 * 0.3)]
    [InlineData("cached and tool use", "gemini-2.5-flash", 1000 - 600 + 50, 600, 20 + 30, 30, 450 * 0.3 + 600 * 0.03 + 20 * 2.5 + 30 * 2.5)]
    [InlineData("flex", "gemini-3.1-flash-lite", 100, 0, 20, 10, 100 * 0.125 + 10 * 0.75 + 10 * 1.5)]
    [InlineData("long prompt", "gemini-2.5-pro", 250_000, 0, 100, 0, 250_000 * 2.5 + 100 * 15.0)]
    public void Usage_OfEachReply_CostsWhatTheHandSays(string fixture, string model, long fresh, long read, long output, long thoughts, double micros)
    {
        var expected = new TokenUsage(fresh, read, Output: output, Reasoning: thoughts);
        var (answer, _) = Whole(Encoding.UTF8.GetString(ArrayWire(GeminiFixtures.All[fixture])), model: model);
        Assert.Equal(expected, answer.Usage);
        Assert.Equal((decimal)micros / 1_000_000, Prices.Find(Target().Provider, model)!.Cost(expected, answer.ServiceTier));
        Assert.Equal(expected, Stream(GeminiFixtures.All[fixture], model).Usage);
    }

    [Theory]
    [InlineData("gemini/max-tokens-no-parts.http.json", 0, "gemini-2.5-pro", 15, 2, 2, 15 * 1.25 + 2 * 10)]
    [InlineData("gemini/stream-toolcall-signature.http.json", 0, "gemini-3-pro-preview", 29, 10 + 202, 202, 29 * 2 + 212 * 12)]
    [InlineData("gemini/stream-toolcall-signature.http.json", 1, "gemini-3-pro-preview", 257, 8, 0, 257 * 2 + 8 * 12)] // 55 until the last chunk: the last counts
    public void Usage_OfARecording_CostsWhatTheHandSays(string file, int reply, string model, long prompt, long output, long thoughts, double micros)
    {
        var recorded = Recorded.Read(file);
        var body = recorded[reply].Body;
        var usage = file.Contains("stream", StringComparison.Ordinal) ? Stream(body, [100], model).Usage : Whole(Encoding.UTF8.GetString(body), model: model).Answer.Usage;
        Assert.Equal(new TokenUsage(prompt, Output: output, Reasoning: thoughts), usage);
        Assert.Equal((decimal)micros / 1_000_000, Prices.Find(Target().Provider, model)!.Cost(usage!.Value));
    }

    [Fact]
    public void Usage_ThatIsNotThere_IsNull() =>
        Assert.Null(Whole("""{"candidates":[{"content":{"parts":[{"text":"x"}]},"finishReason":"STOP"}]}""").Answer.Usage);

    [Fact]
    public void Usage_ThatContradictsItself_NeverLowersABill() => Assert.Equal(
        new TokenUsage(0, 5, Output: 1_000_000_000),
        Whole("""{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":5,"cachedContentTokenCount":50,"candidatesTokenCount":9000000000000,"thoughtsTokenCount":-4}}""").Answer.Usage);

    [Theory]
    [InlineData("\"serviceTier\":\"standard\"", "default")]
    [InlineData("\"serviceTier\":\"priority\"", "priority")]
    [InlineData("\"trafficType\":\"ON_DEMAND_FLEX\"", "flex")]
    [InlineData("\"trafficType\":\"PROVISIONED_THROUGHPUT\"", null)]
    [InlineData("\"x\":1", null)]
    public void ServiceTier_IsTheOneTheReplyNames(string member, string? expected)
    {
        var response = $$$"""{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{{{{member}}}} }""";
        var (answer, json) = Whole(response);
        Assert.Equal(expected, answer.ServiceTier);
        Assert.Equal(expected, json.TryGetProperty("service_tier", out var tier) ? tier.GetString() : null);
    }
}
