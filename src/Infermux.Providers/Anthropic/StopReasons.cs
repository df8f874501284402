namespace Infermux.Providers.Anthropic;

/// <summary>Why an answer ended, in OpenAI's words.</summary>
internal static class StopReasons
{
    /// <summary><c>finish_reason</c> for a <c>stop_reason</c>; a reason nobody knows yet is an ordinary end.</summary>
    /// <param name="reason">As Anthropic said it; null: it said nothing.</param>
    /// <param name="calls">Whether the caller sees tool calls.</param>
    public static string ToOpenAi(string? reason, bool calls) => reason switch
    {
        "max_tokens" or "model_context_window_exceeded" => "length",
        "refusal" => "content_filter",
        _ => calls ? "tool_calls" : "stop",
    };
}
