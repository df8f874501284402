namespace Infermux.Providers.Gemini;

/// <summary>Why an answer ended, in chat's words.</summary>
internal static class FinishReasons
{
    /// <summary><c>finish_reason</c>; a reason nobody knows yet is an ordinary end.</summary>
    /// <param name="reason">As Gemini said it; null: it said nothing.</param>
    /// <param name="calls">Whether the answer has tool calls.</param>
    public static string ToChat(string? reason, bool calls) => reason is "MAX_TOKENS" ? "length"
        : IsFiltered(reason) ? "content_filter"
        : calls ? "tool_calls" : "stop";

    /// <summary>Whether the text was withheld or cut.</summary>
    public static bool IsFiltered(string? reason) =>
        reason is "SAFETY" or "RECITATION" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "LANGUAGE"
        || reason?.StartsWith("IMAGE_", StringComparison.Ordinal) == true;

    /// <summary>Whether the model wrote something that is no answer; asking again usually helps.</summary>
    public static bool IsFault(string? reason) =>
        reason is "MALFORMED_FUNCTION_CALL" or "UNEXPECTED_TOOL_CALL" or "TOO_MANY_TOOL_CALLS" or "MALFORMED_RESPONSE" or "MISSING_THOUGHT_SIGNATURE";
}
