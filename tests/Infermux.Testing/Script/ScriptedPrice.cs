namespace Infermux.Testing;

/// <summary>What one model costs here, USD per million tokens.</summary>
/// <param name="Input">Fresh prompt tokens.</param>
/// <param name="Output">Completion tokens.</param>
/// <param name="CacheRead">Prompt tokens read from a cache; null: as <paramref name="Input"/>.</param>
/// <param name="CacheWrite">Prompt tokens written to a cache; null: as <paramref name="Input"/>.</param>
/// <param name="Reasoning">Reasoning tokens; null: as <paramref name="Output"/>.</param>
public sealed record ScriptedPrice(decimal Input, decimal Output, decimal? CacheRead = null, decimal? CacheWrite = null, decimal? Reasoning = null)
{
    /// <summary>The exact cost in USD.</summary>
    public decimal Cost(TokenCount tokens) =>
        ((tokens.FreshInput * Input) + (tokens.CacheRead * (CacheRead ?? Input)) + (tokens.CacheWrite * (CacheWrite ?? Input))
        + ((tokens.Output - tokens.Reasoning) * Output) + (tokens.Reasoning * (Reasoning ?? Output))) / 1_000_000m;
}
