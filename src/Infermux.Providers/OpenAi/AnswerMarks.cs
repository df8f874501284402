namespace Infermux.Providers.OpenAi;

/// <summary>What one JSON text of an answer holds: a whole answer, or one chunk of a stream.</summary>
[Flags]
internal enum AnswerMarks
{
    None = 0,

    /// <summary>An <c>error</c> that is not null.</summary>
    Error = 1,

    /// <summary><c>choices</c>, or <c>data</c> of embeddings, is a list.</summary>
    List = 2,

    /// <summary>That list has an element.</summary>
    Filled = 4,

    /// <summary>Text, tool call, reasoning or refusal that is not empty.</summary>
    Content = 8,

    /// <summary>A <c>finish_reason</c>.</summary>
    Finish = 16,

    /// <summary>A <c>finish_reason</c> that means the provider failed.</summary>
    FinishFault = 32,

    /// <summary>A <c>finish_reason</c> that means it had no capacity (DeepSeek).</summary>
    FinishOverloaded = 64,

    /// <summary>A <c>moderation</c> result, which only those get who asked for it.</summary>
    Moderation = 128,
}
