using Xunit;
using CsCheck;
using Infermux.Core.Pricing;

namespace Infermux.Core.Tests.Pricing;

public sealed class ModelPriceTests
{
    private static readonly ModelPrice Tiered = new()
    {
        Input = 2m,
        Output = 10m,
        CacheRead = 0.2m,
        CacheWrite = 2.5m,
        CacheWriteLong = 4m,
        Steps =
        [
            new() { AbovePromptTokens = 272_000, Input = 4m, Output = 15m, CacheRead = 0.4m, CacheWrite = 5m },
            new() { ServiceTier = "flex", Input = 1m, Output = 5m, CacheRead = 0.1m },
            new() { ServiceTier = "priority", Input = 4m, Output = 20m },
            new() { ServiceTier = "priority", AbovePromptTokens = 272_000, Input = 8m, Output = 30m },
        ],
    };

    [Fact]
    public void UpperBound_AnyUsageWithinItInAnyTier_IsNeverBelowItsCost() =>
        Gen.Select(PriceGen.Price, PriceGen.Usage, PriceGen.Tier, Gen.Long[0, 300_000], Gen.Long[0, 100_000]).Sample((price, usage, tier, more, longer) =>
            price.UpperBound(usage.Prompt + more, usage.Output + longer) >= price.Cost(usage, tier));

    [Fact]
    public void Cost_OfUsagesWithinOneStep_AddsUpExactly() =>
        Gen.Select(PriceGen.Price, PriceGen.Usage, PriceGen.Usage).Sample((price, one, other) =>
        {
            var flat = price with { Steps = [] };
            var sum = new TokenUsage(one.FreshInput + other.FreshInput, one.CacheRead + other.CacheRead, one.CacheWrite + other.CacheWrite,
                one.CacheWriteLong + other.CacheWriteLong, one.Output + other.Output, one.Reasoning + other.Reasoning,
                one.MediaInput + other.MediaInput);
            return flat.Cost(sum) == flat.Cost(one) + flat.Cost(other);
        });

    [Fact]
    public void Cost_AnyUsage_IsTheIntegerSumOfItsKinds() => Gen.Select(PriceGen.Price, PriceGen.Usage).Sample((price, usage) =>
    {
        // The same in whole pico-dollars: prices here have six decimals at most, so nothing may be rounded anywhere.
        static System.Numerics.BigInteger Pico(decimal rate) => new(rate * 1_000_000m);
        var pico = ((usage.FreshInput - usage.MediaInput) * Pico(price.Input)) + (usage.MediaInput * Pico(price.MediaInput ?? price.Input)) + (usage.CacheRead * Pico(price.CacheRead ?? price.Input))
            + (usage.CacheWrite * Pico(price.CacheWrite ?? price.Input))
            + (usage.CacheWriteLong * Pico(price.CacheWriteLong ?? price.CacheWrite ?? price.Input))
            + ((usage.Output - usage.Reasoning) * Pico(price.Output)) + (usage.Reasoning * Pico(price.Reasoning ?? price.Output));
        return (price with { Steps = [] }).Cost(usage) == (decimal)pico / 1_000_000_000_000m;
    });

    [Theory]
    [InlineData(272_000, 1_000, null, "0.554")] // at the threshold: the lower prices
    [InlineData(272_001, 1_000, null, "1.103004")] // one above: the whole request, completion too
    [InlineData(1_000_000, 0, "flex", "1")]
    [InlineData(272_000, 1_000, "priority", "1.108")]
    [InlineData(272_001, 1_000, "priority", "2.206008")]
    [InlineData(272_000, 1_000, "default", "0.554")]
    [InlineData(272_001, 1_000, "unheard-of", "1.103004")]
    public void Cost_ByPromptLengthAndTierOfTheReply_TakesTheMatchingPrices(long prompt, long output, string? tier, string usd) =>
        Assert.Equal(decimal.Parse(usd, System.Globalization.CultureInfo.InvariantCulture), Tiered.Cost(new TokenUsage(prompt, Output: output), tier));

    [Fact]
    public void Cost_LongPromptMostlyCached_CountsReadAndWrittenTokensTowardsTheThreshold() =>
        Assert.Equal((1m * 4m + 200_000m * 0.4m + 72_000m * 5m) / 1_000_000m, Tiered.Cost(new TokenUsage(1, CacheRead: 200_000, CacheWrite: 72_000)));

    [Fact]
    public void Cost_KindsWithoutAPrice_AreChargedAsTheirPlainKind()
    {
        var plain = new ModelPrice { Input = 3m, Output = 15m };
        Assert.Equal(plain.Cost(new TokenUsage(400, Output: 50)), plain.Cost(new TokenUsage(100, 100, 100, 100, 50, 20)));
    }

    [Fact]
    public void Cost_MoreReasoningThanOutput_ChargesTheOutputOnce() =>
        Assert.Equal(10m, new ModelPrice { Input = 1m, Output = 10m }.Cost(new TokenUsage(0, Output: 1_000_000, Reasoning: 3_000_000)));
}
