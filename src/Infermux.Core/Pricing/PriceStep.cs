namespace Infermux.Core.Pricing;

/// <summary>
/// Prices in place of a model's own, USD per million tokens: for one service tier, for prompts above a length, or both. They hold for the whole request,
/// completion included.
/// </summary>
public sealed record PriceStep
{
    /// <summary>The tier as the reply names it (<c>flex</c>, <c>batch</c>, <c>priority</c>, <c>fast</c>); empty for the standard one.</summary>
    public string ServiceTier { get; init; } = "";

    /// <summary>Holds for prompts of more tokens than this, read and written ones included; 0 for any.</summary>
    public long AbovePromptTokens { get; init; }

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

    internal TokenRates Rates =>
        new(Input, Output, CacheRead ?? Input, CacheWrite ?? Input, CacheWriteLong ?? CacheWrite ?? Input, Reasoning ?? Output, MediaInput ?? Input);
}
