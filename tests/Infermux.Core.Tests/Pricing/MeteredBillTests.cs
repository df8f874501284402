using System.Globalization;
using Infermux.Core.Pricing;
using Xunit;

namespace Infermux.Core.Tests.Pricing;

public sealed class MeteredBillTests
{
    private static readonly ModelPrice ByToken = new() { Input = 5m, Output = 40m, MediaInput = 10m };
    private static readonly ModelPrice BySecond = new() { Input = 0m, Output = 0m, PerSecond = 0.0001m };
    private static readonly ModelPrice ByBoth = new() { Input = 1m, Output = 0m, PerSearch = 0.002m };
    private static readonly TokenUsage Told = new(1_000, Output: 100, MediaInput: 400);
    private static readonly TokenUsage Estimate = new(2_000, Output: 200);

    public static TheoryData<string, string, bool> Arithmetic() => new()
    {
        { "tokens told", "0.011", true }, // 600 × 5 + 400 × 10 + 100 × 40
        { "tokens not told", "0.018", false }, // 2,000 × 5 + 200 × 40
        { "seconds told", "0.0012", true }, // 12
        { "seconds not told", "0.003", false }, // 30
        { "both told", "0.005", true }, // 1,000 × 1 + 2 searches
        { "searches told alone", "0.006", false }, // 2,000 × 1 + 2
        { "tokens told alone", "0.007", false }, // 1,000 × 1 + 3
        { "free", "0", true },
    };

    [Theory]
    [MemberData(nameof(Arithmetic))]
    public void Cost_IsTheSumOfWhatHasAPrice_AndExactOnlyWhereAllOfItIsTold(string told, string usd, bool exact)
    {
        var bill = told switch
        {
            "tokens told" => MeteredBill.Of(ByToken, PriceUnit.Image, Told, Estimate, null, 1m),
            "tokens not told" => MeteredBill.Of(ByToken, PriceUnit.Image, null, Estimate, 1m, 1m),
            "seconds told" => MeteredBill.Of(BySecond, PriceUnit.Second, null, Estimate, 12m, 30m),
            "seconds not told" => MeteredBill.Of(BySecond, PriceUnit.Second, null, Estimate, null, 30m),
            "both told" => MeteredBill.Of(ByBoth, PriceUnit.Search, Told, Estimate, 2m, 3m),
            "searches told alone" => MeteredBill.Of(ByBoth, PriceUnit.Search, null, Estimate, 2m, 3m),
            "tokens told alone" => MeteredBill.Of(ByBoth, PriceUnit.Search, Told, Estimate, null, 3m),
            _ => MeteredBill.Of(ModelPrice.Free, PriceUnit.None, null, Estimate, null, 0m),
        };
        Assert.Equal((decimal.Parse(usd, CultureInfo.InvariantCulture), exact), (bill.Cost, bill.IsExact));
    }

    [Fact]
    public void Usage_ShowsNoTokensWhereNobodyToldAnyAndTheyCostNothing()
    {
        Assert.Equal(default, MeteredBill.Of(BySecond, PriceUnit.Second, null, Estimate, 12m, 30m).Usage);
        Assert.Equal(Told, MeteredBill.Of(BySecond, PriceUnit.Second, Told, Estimate, 12m, 30m).Usage);
        Assert.Equal(Estimate, MeteredBill.Of(ByToken, PriceUnit.Image, null, Estimate, 1m, 1m).Usage);
    }

    [Fact]
    public void Cost_WithoutAPrice_IsNothingAndExactOnlyWhereSomethingWasTold()
    {
        Assert.Equal(new MeteredBill(Estimate, 0m, false), MeteredBill.Of(null, PriceUnit.Second, null, Estimate, null, 30m));
        Assert.Equal(new MeteredBill(default, 0m, true), MeteredBill.Of(null, PriceUnit.Second, null, Estimate, 12m, 30m));
    }

    [Fact]
    public void Cost_OfANegativeCount_LowersNoBill() => Assert.Equal(0m, MeteredBill.Of(BySecond, PriceUnit.Second, null, Estimate, -5m, 30m).Cost);
}
