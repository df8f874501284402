using CsCheck;
using Infermux.Core.Pricing;
using Infermux.Core.Routing;
using Xunit;

namespace Infermux.Core.Tests.Routing;

public sealed class HoldAmountTests
{
    private static readonly ModelPrice Price = new() { Input = 2m, Output = 8m, MaxOutput = 16_384 };

    [Fact]
    public void Amount_CallersCap_TimesChoicesTimesPrice() =>
        Assert.Equal(new HoldAmount(((1_000 * 2m) + (300 * 8m)) / 1_000_000m, 0.002m, 100), Hold(1_000, maxTokens: 100, choices: 3));

    [Theory] // 1,000 tokens at 2, 500 at 8 and what the unit costs, all of it the prompt's
    [InlineData(RoutedOperation.ImageGeneration, 3, "0.126")]
    [InlineData(RoutedOperation.Transcription, 100, "0.016")]
    [InlineData(RoutedOperation.Speech, 2_000, "0.036")]
    [InlineData(RoutedOperation.Rerank, 2, "0.010")]
    [InlineData(RoutedOperation.Moderation, 7, "0.006")]
    public void Amount_OfWhatIsMetered_IsItsTokensAndItsUnits(RoutedOperation operation, long units, string usd)
    {
        var price = Price with { PerImage = 0.04m, PerSecond = 0.0001m, PerMillionCharacters = 15m, PerSearch = 0.002m };
        var amount = decimal.Parse(usd, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(new HoldAmount(amount, amount, 500), HoldAmount.For(price, operation, 1_000, 500, 1, 9e9, units));
    }

    [Fact]
    public void Cap_NothingKnown_IsTheDefault() => Assert.Equal(4_096, Hold(1).OutputCap);

    [Fact]
    public void Cap_HistorySaysMore_FollowsItUpToTheModelsMaximum()
    {
        Assert.Equal(9_001, Hold(1, likelyMost: 9_000.2).OutputCap);
        Assert.Equal(16_384, Hold(1, likelyMost: 1e12).OutputCap);
        Assert.Equal(4_096, Hold(1, likelyMost: 12).OutputCap);
    }

    [Fact]
    public void Cap_ModelsMaximumBelowTheDefault_Wins() =>
        Assert.Equal(1_000, HoldAmount.For(Price with { MaxOutput = 1_000 }, RoutedOperation.Chat, 1, null, 1, null).OutputCap);

    [Fact]
    public void Cap_CallersAboveTheModelsMaximum_StandsBecauseItMayBeBilled() => Assert.Equal(99_999, Hold(1, maxTokens: 99_999).OutputCap);

    [Fact]
    public void Amount_Embedding_HasNoOutput() =>
        Assert.Equal(new HoldAmount(0.002m, 0.002m, 0), HoldAmount.For(Price, RoutedOperation.Embedding, 1_000, 50, 4, 1e6));

    [Fact]
    public void Amount_UnknownPrice_HoldsNothingAndStillCaps() =>
        Assert.Equal(new HoldAmount(0m, 0m, 4_096), HoldAmount.For(null, RoutedOperation.Chat, 1_000, null, 1, null));

    [Fact]
    public void Amount_AnyNumbers_CoversWhatAProviderThatHonoursTheCapBills() =>
        Gen.Select(Gen.Long[0, 2_000_000], Gen.Long[0, 200_000], Gen.Int[1, 8], Gen.Double[0, 1]).Sample((prompt, cap, choices, share) =>
        {
            var price = new ModelPrice { Input = 3m, Output = 15m, CacheRead = 0.3m, CacheWrite = 3.75m, CacheWriteLong = 6m, Reasoning = 20m };
            var hold = HoldAmount.For(price, RoutedOperation.Chat, prompt, cap, choices, null);
            var written = (long)(prompt * share);
            var reasoning = (long)(cap * choices * share);
            var billed = price.Cost(new TokenUsage(prompt - written, 0, written / 2, written - (written / 2), cap * choices, reasoning));
            return billed <= hold.Amount && hold.InputAmount <= hold.Amount;
        });

    [Fact]
    public void Amount_AbsurdNumbers_DoNotOverflow()
    {
        Assert.True(Hold(long.MaxValue, maxTokens: long.MaxValue, choices: int.MaxValue).Amount > 1_000m);
        Assert.Equal(0m, Hold(-5, maxTokens: -7, choices: -1).Amount);
        Assert.Equal(4_096, HoldAmount.For(null, RoutedOperation.Chat, 1, null, 1, null).OutputCap);
    }

    [Fact]
    public void Expected_CapThenMeanThenDefault()
    {
        Assert.Equal(200, ExpectedCompletion.Of(RoutedOperation.Chat, 100, 2, 7));
        Assert.Equal(8, ExpectedCompletion.Of(RoutedOperation.Chat, null, 1, 7.5));
        Assert.Equal(256, ExpectedCompletion.Of(RoutedOperation.Chat, null, 0, null));
        Assert.Equal(0, ExpectedCompletion.Of(RoutedOperation.Embedding, 100, 2, 7));
        Assert.True(ExpectedCompletion.Of(RoutedOperation.Chat, long.MaxValue, int.MaxValue, null) > 0);
    }

    private static HoldAmount Hold(long prompt, long? maxTokens = null, int choices = 1, double? likelyMost = null) =>
        HoldAmount.For(Price, RoutedOperation.Chat, prompt, maxTokens, choices, likelyMost);
}
