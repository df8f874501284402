namespace Infermux.Core.Pricing;

/// <summary>
/// Tokens of one attempt, kept apart because each kind has its own price. Dialects convert at the edge: OpenAI counts cached tokens inside the
/// prompt, Anthropic beside it.
/// </summary>
/// <param name="FreshInput">Prompt tokens neither read from nor written to a cache.</param>
/// <param name="CacheRead">Prompt tokens read from a cache.</param>
/// <param name="CacheWrite">Prompt tokens written to a cache with the vendor's default life.</param>
/// <param name="CacheWriteLong">Prompt tokens written with the one-hour life.</param>
/// <param name="Output">Completion tokens, reasoning included.</param>
/// <param name="Reasoning">Of <paramref name="Output"/>, the reasoning tokens.</param>
/// <param name="MediaInput">Of <paramref name="FreshInput"/>, the tokens of images and sound, where the vendor tells them apart.</param>
public readonly record struct TokenUsage(
    long FreshInput, long CacheRead = 0, long CacheWrite = 0, long CacheWriteLong = 0, long Output = 0, long Reasoning = 0, long MediaInput = 0)
{
    /// <summary>All prompt tokens, as OpenAI's <c>prompt_tokens</c> counts them.</summary>
    public long Prompt => FreshInput + CacheRead + CacheWrite + CacheWriteLong;

    /// <summary>Prompt and completion.</summary>
    public long Total => Prompt + Output;
}
