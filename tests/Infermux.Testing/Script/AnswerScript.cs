namespace Infermux.Testing;

/// <summary>What a scripted answer says, and how many tokens that is. One piece (a word) is one token unless the counts are set.</summary>
public sealed record AnswerScript
{
    /// <summary>The text, streamed word by word. Default: a sentence that names the provider.</summary>
    public string? Text { get; init; }

    /// <summary>The text in exactly these pieces; wins over <see cref="Text"/> and <see cref="Words"/>.</summary>
    public IReadOnlyList<string>? Pieces { get; init; }

    /// <summary>Length of a generated text in words; the prompt marker <c>words=N</c> sets it too. 0: not set.</summary>
    public int Words { get; init; }

    /// <summary>Replaces each text piece of a stream by <c>@microseconds </c> of Unix time at which it was written, so that a reader can measure delay.</summary>
    public bool Stamped { get; init; }

    /// <summary>Reasoning before the text, streamed word by word; null: none.</summary>
    public string? Reasoning { get; init; }

    /// <summary>Refuses with this explanation in place of a text; null: does not refuse.</summary>
    public string? Refusal { get; init; }

    /// <summary>
    /// Calls made to the tools that the request offers, in their order; 0 makes none. Null: one where a tool is offered, not forbidden, and the
    /// conversation does not end with a tool's result.
    /// </summary>
    public int? ToolCalls { get; init; }

    /// <summary>Prompt tokens, cached ones included; null: one for each four characters of the prompt, at least one.</summary>
    public int? PromptTokens { get; init; }

    /// <summary>Completion tokens, spread over the pieces; null: one for each piece.</summary>
    public int? CompletionTokens { get; init; }

    /// <summary>Of the prompt tokens, how many were read from a cache. Default 0.</summary>
    public int CacheReadTokens { get; init; }

    /// <summary>Of the prompt tokens, how many were written to a cache. Default 0.</summary>
    public int CacheWriteTokens { get; init; }

    /// <summary>Whether the answer stops at the request's output cap, as real ones do. Default true.</summary>
    public bool HonoursCap { get; init; } = true;

    /// <summary>Finish reason in the dialect's own words; null: the true one.</summary>
    public string? FinishReason { get; init; }
}
