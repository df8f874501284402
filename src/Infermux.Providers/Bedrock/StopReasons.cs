namespace Infermux.Providers.Bedrock;

/// <summary>Why an answer ended, in OpenAI's words.</summary>
internal static class StopReasons
{
    /// <summary><c>finish_reason</c> for a <c>stopReason</c>; a reason nobody knows yet is an ordinary end.</summary>
    /// <param name="reason">As Bedrock said it; null: it said nothing.</param>
    /// <param name="calls">Whether the caller sees tool calls.</param>
    public static string ToOpenAi(string? reason, bool calls) => reason switch
    {
        "max_tokens" or "model_context_window_exceeded" => "length",
        "guardrail_intervened" or "content_filtered" or "refusal" => "content_filter",
        _ => calls ? "tool_calls" : "stop",
    };

    /// <summary>Whether the model wrote something that Bedrock could not read: no answer, though its tokens are billed.</summary>
    public static bool IsFault(string? reason) => reason is "malformed_model_output" or "malformed_tool_use";
}
