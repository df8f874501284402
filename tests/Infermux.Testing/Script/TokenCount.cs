using System.Text.Json.Serialization;

namespace Infermux.Testing;

/// <summary>Tokens as this provider counted them; cached ones are kept beside the fresh ones, whatever the dialect says on the wire.</summary>
/// <param name="FreshInput">Prompt tokens neither read from nor written to a cache.</param>
/// <param name="CacheRead">Prompt tokens read from a cache.</param>
/// <param name="CacheWrite">Prompt tokens written to a cache.</param>
/// <param name="Output">Completion tokens, reasoning included.</param>
/// <param name="Reasoning">Of <paramref name="Output"/>, reasoning.</param>
public readonly record struct TokenCount(long FreshInput, long CacheRead = 0, long CacheWrite = 0, long Output = 0, long Reasoning = 0)
{
    /// <summary>All prompt tokens.</summary>
    [JsonIgnore]
    public long Prompt => FreshInput + CacheRead + CacheWrite;

    /// <summary>Sum of two counts.</summary>
    public static TokenCount operator +(TokenCount left, TokenCount right) => new(
        left.FreshInput + right.FreshInput, left.CacheRead + right.CacheRead, left.CacheWrite + right.CacheWrite,
        left.Output + right.Output, left.Reasoning + right.Reasoning);

    /// <summary>Sum of two counts.</summary>
    public static TokenCount Add(TokenCount left, TokenCount right) => left + right;

    internal TokenCount Times(long factor) =>
        new(FreshInput * factor, CacheRead * factor, CacheWrite * factor, Output * factor, Reasoning * factor);
}
