namespace Infermux.Providers;

/// <summary>What routing and money need to know of a request body, found in one pass without an object tree.</summary>
public sealed record RequestFacts
{
    /// <summary>The model the caller asks for.</summary>
    public required string Model { get; init; }

    /// <summary>Where <c>model</c>'s value lies; nowhere where the body has none, but the path names it or it has a default.</summary>
    public required ByteRange ModelValue { get; init; }

    /// <summary>Offset just after the top-level <c>{</c>, where a member can be inserted (followed by a comma).</summary>
    public required int InsertAt { get; init; }

    /// <summary><c>stream: true</c>.</summary>
    public bool Stream { get; init; }

    /// <summary><c>stream_options.include_usage: true</c>.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>Where <c>stream_options</c>'s value lies.</summary>
    public ByteRange StreamOptionsValue { get; init; }

    /// <summary>
    /// The caller's output cap: <c>max_completion_tokens</c>, else <c>max_tokens</c>; null where neither is given. Of what is metered: the most output tokens
    /// that the answer can be charged for.
    /// </summary>
    public long? MaxTokens { get; init; }

    /// <summary>Where the output cap's value lies.</summary>
    public ByteRange MaxTokensValue { get; init; }

    /// <summary><c>n</c>, 1 where not given.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>Whether <c>tools</c> or <c>functions</c> is a list that is not empty.</summary>
    public bool Tools { get; init; }

    /// <summary>
    /// Upper bound of the prompt's tokens: UTF-8 bytes of all text (a token is never less than a byte), tool definitions included, plus a fixed maximum for
    /// each image or file, whose data URLs are not text.
    /// </summary>
    public required long PromptBound { get; init; }

    /// <summary>Estimate of the prompt's tokens: one for each 4 characters of text.</summary>
    public required long PromptEstimate { get; init; }

    /// <summary>What an operation beside chat asks for; null for chat, completions, embeddings and counts.</summary>
    public MeteredAsk? Metered { get; init; }

    /// <summary>Whether an opaque value with a maker's mark lies in the body (decision 0018).</summary>
    public bool Marked { get; init; }

    /// <summary>The name of the provider that made the newest of them; null where there is none.</summary>
    public string? Maker { get; init; }
}
