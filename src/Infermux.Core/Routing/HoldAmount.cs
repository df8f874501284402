using Infermux.Core.Pricing;

namespace Infermux.Core.Routing;

/// <summary>What one attempt can cost at most.</summary>
/// <param name="Amount">USD, prompt and every choice's output.</param>
/// <param name="InputAmount">USD of it that the prompt alone costs at most.</param>
/// <param name="OutputCap">Completion tokens of one choice that it covers; the request must carry this cap or a smaller one.</param>
public readonly record struct HoldAmount(decimal Amount, decimal InputAmount, long OutputCap)
{
    /// <summary>Output tokens that are covered where neither the caller nor history says more.</summary>
    public const long DefaultOutputCap = 4096;

    // Far beyond any model and far below overflow; a caller's absurd max_tokens is refused by the budget, not by an exception.
    private const long MostTokens = 1_000_000_000_000;

    /// <summary>
    /// The upper bound. The cap is the caller's <paramref name="maxTokens"/> as it is, since a cap above the table's maximum may still be billed where the
    /// table is behind; else the least of the model's maximum and <paramref name="likelyMost"/>, which is at least <see cref="DefaultOutputCap"/>.
    /// </summary>
    /// <param name="price">Null: no price is known, nothing can be held, the cap still stands.</param>
    /// <param name="operation">Embeddings have no output, a count costs nothing.</param>
    /// <param name="promptBound">Upper bound of the prompt's tokens.</param>
    /// <param name="maxTokens">The caller's cap for one choice.</param>
    /// <param name="choices">How many answers are asked for; below 1 counts as 1.</param>
    /// <param name="likelyMost">Mean + 3σ of this account and model; null without history.</param>
    /// <param name="units">
    /// Most images, seconds, characters or searches of an operation beside chat. Nothing caps its output, so all of it is the prompt's.
    /// </param>
    public static HoldAmount For(
        ModelPrice? price, RoutedOperation operation, long promptBound, long? maxTokens, int choices, double? likelyMost, long units = 0)
    {
        if (operation is RoutedOperation.TokenCount)
        {
            return default;
        }

        if (OperationSupport.IsMetered(operation))
        {
            return Metered(price, operation, promptBound, maxTokens ?? 0, units);
        }

        var cap = operation is RoutedOperation.Embedding ? 0 : Cap(price, maxTokens, likelyMost);
        var prompt = Math.Clamp(promptBound, 0, MostTokens);
        var output = (long)Math.Min(MostTokens, (decimal)cap * Math.Max(1, choices));
        return price is null
            ? new HoldAmount(0m, 0m, cap)
            : new HoldAmount(price.UpperBound(prompt, output), price.UpperBound(prompt, 0), cap);
    }

    private static HoldAmount Metered(ModelPrice? price, RoutedOperation operation, long promptBound, long outputBound, long units)
    {
        var output = Math.Clamp(outputBound, 0, MostTokens);
        if (price is null)
        {
            return new HoldAmount(0m, 0m, output);
        }

        var perUnit = price.PriceOf(OperationSupport.UnitOf(operation)) ?? 0m;
        var amount = price.UpperBound(Math.Clamp(promptBound, 0, MostTokens), output) + (perUnit * Math.Clamp(units, 0, MostTokens));
        return new HoldAmount(amount, amount, output);
    }

    private static long Cap(ModelPrice? price, long? maxTokens, double? likelyMost) => maxTokens is { } asked
        ? Math.Clamp(asked, 0, MostTokens)
        : Math.Min(price?.MaxOutput ?? long.MaxValue, Math.Max(DefaultOutputCap, (long)Math.Ceiling(Math.Min(likelyMost ?? 0, MostTokens))));
}
