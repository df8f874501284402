using System.Text;
using Microsoft.ML.Tokenizers;

namespace Infermux.Gateway.Inference.Selecting;

/// <summary>
/// Counts a prompt with a real tokenizer, for a budget that the byte bound does not fit. Its vocabulary takes about 0.5 s of processor time and 60 MiB, so it
/// is read at the first need only, on a thread of its own: a burst of refusals must not leave the pool without threads for everybody else's requests.
/// </summary>
internal sealed class PromptCounter
{
    /// <summary>Other vendors' tokenizers cut finer; the largest difference told of is 30 % (Claude Haiku 5.5 against 4.5), so half more is a bound.</summary>
    private const double OtherVendors = 1.5;

    private readonly Lazy<Task<Tokenizer>> _tokenizer;

    public PromptCounter()
        : this(() => TiktokenTokenizer.CreateForEncoding("o200k_base"))
    {
    }

    internal PromptCounter(Func<Tokenizer> load) =>
        _tokenizer = new(() => Task.Factory.StartNew(load, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));

    /// <summary>Tokens of a body, JSON included, not more than <paramref name="bound"/>. Never less than the vendor's own count of the text in it.</summary>
    public async ValueTask<long> CountAsync(ReadOnlyMemory<byte> body, string model, long bound)
    {
        await _tokenizer.Value; // before the body is copied into a string
        return Math.Min(await CountAsync(Encoding.UTF8.GetString(body.Span), model), bound);
    }

    /// <summary>Tokens of a text, rounded up for models whose tokenizer is not known.</summary>
    public async ValueTask<long> CountAsync(string text, string model)
    {
        var tokens = (await _tokenizer.Value).CountTokens(text);
        return model.StartsWith("gpt-", StringComparison.Ordinal) || model.StartsWith('o') ? tokens : (long)Math.Ceiling(tokens * OtherVendors);
    }
}
