namespace Infermux.Providers.Messages;

/// <summary>Why an answer ended, in Anthropic's words.</summary>
internal static class Stops
{
    /// <summary><c>stop_reason</c> for a <c>finish_reason</c>. Calls count more than the reason: some servers say <c>stop</c> beside them.</summary>
    public static string Of(string? finish, bool refused, bool calls) => finish switch
    {
        "content_filter" => "refusal",
        "length" => "max_tokens",
        _ => refused ? "refusal" : calls ? "tool_use" : "end_turn",
    };
}
