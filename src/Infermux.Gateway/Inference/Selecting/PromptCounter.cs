using System.Text;
using Microsoft.ML.Tokenizers;

namespace Infermux.Gateway.Inference.Selecting;

/// <summary>
/// Counts a prompt with a real tokenizer, for a budget that the byte bound does not fit. Loading takes about 0.5 s and 60 MiB, so it is done at the first
/// need only. The whole body is counted, JSON included, which is never less than the vendor's own count of the text in it.
/// </summary>
internal sealed class PromptCounter
{
    /// <summary>Other vendors' tokenizers cut finer; the largest difference told of is 30 % (Claude Haiku 5.5 against 4.5), so half more is a bound.</summary>
    private const double OtherVendors = 1.5;

    private readonly Lazy<Tokenizer> _o200k = new(() => TiktokenTokenizer.CreateForEncoding("o200k_base"));

    /// <summary>Tokens of the body, not more than <paramref name="bound"/>.</summary>
    public long Count(ReadOnlySpan<byte> body, string model, long bound) => Math.Min(Count(Encoding.UTF8.GetString(body), model), bound);

    /// <summary>Tokens of a text, rounded up for models whose tokenizer is not known.</summary>
    public long Count(string text, string model)
    {
        var tokens = _o200k.Value.CountTokens(text);
        return model.StartsWith("gpt-", StringComparison.Ordinal) || model.StartsWith('o') ? tokens : (long)Math.Ceiling(tokens * OtherVendors);
    }
}
