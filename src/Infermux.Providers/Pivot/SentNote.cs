namespace Infermux.Providers.Pivot;

/// <summary>What is asked of a request once more after it was written for one target, kept so that its body is not read again for it.</summary>
/// <param name="Target">The target it was written for.</param>
/// <param name="Dropped">The caller's fields that were left out or weakened, in order of their names.</param>
/// <param name="AnswerTool">The name of the tool whose input is the answer; null where the answer is a text.</param>
internal sealed record SentNote(AttemptTarget Target, IReadOnlyList<string> Dropped, string? AnswerTool = null);
