using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses.Upstream;

/// <summary>How a response ended, in chat's words.</summary>
internal static class Finish
{
    /// <summary><c>finish_reason</c>.</summary>
    public static string Reason(JsonElement response, bool calls) => response.Text("status") is not "incomplete"
        ? calls ? "tool_calls" : "stop"
        : response.Find("incomplete_details")?.Text("reason") is "content_filter" ? "content_filter" : "length";
}
