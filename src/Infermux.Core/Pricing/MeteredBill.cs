namespace Infermux.Core.Pricing;

/// <summary>What one answer beside chat costs: its tokens and its images, seconds, characters or searches, whichever of them have a price.</summary>
/// <param name="Usage">The tokens that are charged and shown; none where nobody told any and they cost nothing.</param>
/// <param name="Cost">USD.</param>
/// <param name="IsExact">Whether everything that has a price was told, or is known for sure; otherwise some of it is an estimate.</param>
public readonly record struct MeteredBill(TokenUsage Usage, decimal Cost, bool IsExact)
{
    /// <summary>Prices what was told, and estimates for the rest.</summary>
    /// <param name="price">Null: nobody knows one, and nothing is charged.</param>
    /// <param name="unit">What the operation may be priced by.</param>
    /// <param name="told">Tokens as the provider counted them; null: it said nothing.</param>
    /// <param name="estimate">Tokens in place of them.</param>
    /// <param name="count">Units as the provider counted them, or as the request says for sure; null: not known.</param>
    /// <param name="estimatedCount">Units in place of them.</param>
    /// <param name="serviceTier">The tier the reply names.</param>
    public static MeteredBill Of(
        ModelPrice? price, PriceUnit unit, TokenUsage? told, in TokenUsage estimate, decimal? count, decimal estimatedCount, string? serviceTier = null)
    {
        if (price is null)
        {
            return new MeteredBill(told ?? (count is null ? estimate : default), 0m, told is not null || count is not null);
        }

        var perUnit = price.PriceOf(unit) ?? 0m;
        var usage = told ?? (price.PricesTokens ? estimate : default);
        var cost = price.Cost(usage, serviceTier) + (perUnit * Math.Max(0m, count ?? estimatedCount));
        return new MeteredBill(usage, cost, (told is not null || !price.PricesTokens) && (count is not null || perUnit == 0m));
    }
}
