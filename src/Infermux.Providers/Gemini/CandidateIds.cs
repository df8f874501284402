namespace Infermux.Providers.Gemini;

/// <summary>Ids that chat wants of an answer.</summary>
internal static class CandidateIds
{
    /// <summary>Candidates of one answer beyond which no more are read; Gemini gives eight at most.</summary>
    public const int Most = 128;

    /// <summary>The id of the answer.</summary>
    /// <param name="target">Who answers.</param>
    /// <param name="responseId">Gemini's own; null: it gave none.</param>
    public static string Answer(AttemptTarget target, string? responseId) => responseId ?? $"chatcmpl-{target.RequestId ?? target.Model}";

    /// <summary>What tells the calls of this answer from those of others.</summary>
    public static string Seed(AttemptTarget target, string? responseId) => $"{target.RequestId ?? target.Model}/{responseId}";
}
