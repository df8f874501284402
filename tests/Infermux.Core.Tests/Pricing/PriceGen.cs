using CsCheck;
using Infermux.Core.Pricing;

namespace Infermux.Core.Tests.Pricing;

/// <summary>Prices and usages of any shape a vendor could think of: cache dearer than input, reasoning dearer than output, tiers that are cheaper.</summary>
internal static class PriceGen
{
    public static readonly string?[] Tiers = [null, "", "default", "flex", "batch", "priority", "PRIORITY", "unheard-of"];

    private static readonly Gen<decimal> Rate = Gen.Int[0, 200_000_000].Select(n => n / 1_000_000m);
    private static readonly Gen<decimal?> MaybeRate = Gen.Frequency((1, Gen.Const((decimal?)null)), (2, Rate.Select(rate => (decimal?)rate)));
    private static readonly Gen<long> Tokens = Gen.Frequency((1, Gen.Const(0L)), (4, Gen.Long[0, 500_000]), (1, Gen.Long[0, 50_000_000_000]));
    private static readonly Gen<(decimal? Read, decimal? Write, decimal? Long, decimal? Reasoning)> Rest = Gen.Select(MaybeRate, MaybeRate, MaybeRate, MaybeRate);

    private static readonly Gen<PriceStep> Step = Gen.Select(
        Among("", "flex", "batch", "priority"), Among(0L, 100_000L, 200_000L, 272_000L), Rate, Rate, Rest,
        (tier, above, input, output, rest) => new PriceStep
        {
            ServiceTier = tier,
            AbovePromptTokens = above,
            Input = input,
            Output = output,
            CacheRead = rest.Read,
            CacheWrite = rest.Write,
            CacheWriteLong = rest.Long,
            Reasoning = rest.Reasoning,
        });

    public static readonly Gen<ModelPrice> Price = Gen.Select(Rate, Rate, Rest, Step.Array[0, 5], (input, output, rest, steps) => new ModelPrice
    {
        Input = input,
        Output = output,
        CacheRead = rest.Read,
        CacheWrite = rest.Write,
        CacheWriteLong = rest.Long,
        Reasoning = rest.Reasoning,
        MediaInput = rest.Long,
        Steps = [.. steps.Where(step => step.ServiceTier.Length > 0 || step.AbovePromptTokens > 0)],
    });

    public static readonly Gen<TokenUsage> Usage = Gen.Select(Tokens, Tokens, Tokens, Tokens, Tokens, Tokens,
        (fresh, read, write, longer, output, reasoning) =>
            new TokenUsage(fresh, read, write, longer, output, Math.Min(reasoning, output), Math.Min(longer, fresh)));

    public static readonly Gen<string?> Tier = Among(Tiers);

    public static Gen<T> Among<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
