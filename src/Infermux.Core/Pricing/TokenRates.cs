namespace Infermux.Core.Pricing;

/// <summary>A complete set of prices, USD per million tokens: what holds for one service tier and one range of prompt lengths.</summary>
/// <param name="Input">Fresh prompt tokens.</param>
/// <param name="Output">Completion tokens.</param>
/// <param name="CacheRead">Prompt tokens read from a cache.</param>
/// <param name="CacheWrite">Prompt tokens written to a cache.</param>
/// <param name="CacheWriteLong">Prompt tokens written with the one-hour life.</param>
/// <param name="Reasoning">Reasoning tokens.</param>
/// <param name="MediaInput">Fresh prompt tokens that are images or sound.</param>
internal readonly record struct TokenRates(
    decimal Input, decimal Output, decimal CacheRead, decimal CacheWrite, decimal CacheWriteLong, decimal Reasoning, decimal MediaInput)
{
    private const decimal Million = 1_000_000m;

    private decimal DearestInput => Math.Max(Math.Max(Math.Max(Input, MediaInput), CacheRead), Math.Max(CacheWrite, CacheWriteLong));

    /// <summary>Reasoning beyond the output it is part of is a reporting fault of the provider and is not charged twice.</summary>
    public decimal Cost(in TokenUsage usage)
    {
        var reasoning = Math.Clamp(usage.Reasoning, 0, Math.Max(0, usage.Output));
        var media = usage.MediaInput == 0 ? 0m : Math.Clamp(usage.MediaInput, 0, Math.Max(0, usage.FreshInput)) * (MediaInput - Input);
        return (media + (usage.FreshInput * Input) + (usage.CacheRead * CacheRead) + (usage.CacheWrite * CacheWrite) + (usage.CacheWriteLong * CacheWriteLong)
            + ((usage.Output - reasoning) * Output) + (reasoning * Reasoning)) / Million;
    }

    /// <summary>No split of the tokens into kinds costs more.</summary>
    public decimal UpperBound(long promptTokens, long outputTokens) =>
        ((promptTokens * DearestInput) + (outputTokens * Math.Max(Output, Reasoning))) / Million;
}
