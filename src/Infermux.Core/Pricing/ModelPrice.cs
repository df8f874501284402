namespace Infermux.Core.Pricing;

/// <summary>What one model costs at one provider, USD per million tokens, with what the table knows of its limits.</summary>
public sealed record ModelPrice
{
    /// <summary>Fresh prompt tokens.</summary>
    public required decimal Input { get; init; }

    /// <summary>Completion tokens.</summary>
    public required decimal Output { get; init; }

    /// <summary>Prompt tokens read from a cache; null: charged as <see cref="Input"/>.</summary>
    public decimal? CacheRead { get; init; }

    /// <summary>Prompt tokens written to a cache; null: charged as <see cref="Input"/>.</summary>
    public decimal? CacheWrite { get; init; }

    /// <summary>Prompt tokens written with the one-hour life; null: charged as <see cref="CacheWrite"/>.</summary>
    public decimal? CacheWriteLong { get; init; }

    /// <summary>Reasoning tokens; null: charged as <see cref="Output"/>.</summary>
    public decimal? Reasoning { get; init; }

    /// <summary>Prompt tokens that are images or sound; null: charged as <see cref="Input"/>.</summary>
    public decimal? MediaInput { get; init; }

    /// <summary>USD for each image made; null: images cost their tokens only.</summary>
    public decimal? PerImage { get; init; }

    /// <summary>USD for each second of recorded sound; null: sound costs its tokens only.</summary>
    public decimal? PerSecond { get; init; }

    /// <summary>USD for each million characters spoken; null: speech costs its tokens only.</summary>
    public decimal? PerMillionCharacters { get; init; }

    /// <summary>USD for each search of up to 100 documents; null: ranking costs its tokens only.</summary>
    public decimal? PerSearch { get; init; }

    /// <summary>Prices of service tiers and of long prompts; empty where the vendor has none.</summary>
    public IReadOnlyList<PriceStep> Steps { get; init; } = [];

    /// <summary>The largest prompt the model takes, in tokens; null: not known.</summary>
    public long? MaxInput { get; init; }

    /// <summary>The largest completion, in tokens; null: not known.</summary>
    public long? MaxOutput { get; init; }

    /// <summary>Costs nothing: local models and the built-in echo.</summary>
    internal static ModelPrice Free { get; } = new() { Input = 0m, Output = 0m };

    private TokenRates Rates =>
        new(Input, Output, CacheRead ?? Input, CacheWrite ?? Input, CacheWriteLong ?? CacheWrite ?? Input, Reasoning ?? Output, MediaInput ?? Input);

    /// <summary>The exact cost of a usage in USD; <paramref name="serviceTier"/> is the tier that the reply names, null for none.</summary>
    /// <remarks>A tier without prices of its own (<c>default</c>, <c>standard</c>, one not known) is charged as the standard one.</remarks>
    public decimal Cost(in TokenUsage usage, string? serviceTier = null) => RatesOf(serviceTier, usage.Prompt).Cost(usage);

    /// <summary>
    /// An upper bound in USD for at most this many prompt and completion tokens, over every kind of token and tier: the caller does not know yet how many
    /// will be cached, nor which tier the reply will name.
    /// </summary>
    public decimal UpperBound(long promptTokens, long outputTokens)
    {
        var bound = Rates.UpperBound(promptTokens, outputTokens);
        foreach (var step in Steps)
        {
            if (step.AbovePromptTokens < promptTokens || step.AbovePromptTokens == 0)
            {
                bound = Math.Max(bound, step.Rates.UpperBound(promptTokens, outputTokens));
            }
        }

        return bound;
    }

    /// <summary>USD for one of a unit; null where the model has no price by it.</summary>
    public decimal? PriceOf(PriceUnit unit) => unit switch
    {
        PriceUnit.Image => PerImage,
        PriceUnit.Second => PerSecond,
        PriceUnit.Character => PerMillionCharacters / 1_000_000m,
        PriceUnit.Search => PerSearch,
        _ => null,
    };

    /// <summary>Whether any token costs something.</summary>
    internal bool PricesTokens => Rates.UpperBound(1, 1) > 0m;

    private TokenRates RatesOf(string? serviceTier, long promptTokens)
    {
        var tier = HasTier(serviceTier) ? serviceTier! : "";
        PriceStep? chosen = null;
        foreach (var step in Steps)
        {
            if (IsTier(step, tier) && (step.AbovePromptTokens == 0 || promptTokens > step.AbovePromptTokens)
                && (chosen is null || step.AbovePromptTokens > chosen.AbovePromptTokens))
            {
                chosen = step;
            }
        }

        return chosen?.Rates ?? Rates;
    }

    private bool HasTier(string? serviceTier)
    {
        foreach (var step in Steps)
        {
            if (serviceTier is { Length: > 0 } && IsTier(step, serviceTier))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsTier(PriceStep step, string tier) => string.Equals(step.ServiceTier, tier, StringComparison.OrdinalIgnoreCase);
}
