namespace Infermux.Testing;

/// <summary>Google's error envelope.</summary>
internal static class GeminiError
{
    /// <summary>What <see cref="Body"/> takes as the code of a bad key.</summary>
    public const string BadKey = "API_KEY_INVALID";

    /// <param name="status">The HTTP status.</param>
    /// <param name="code">A reason (<c>API_KEY_INVALID</c>), the id of a quota (with <c>Per</c> in it), or the status word; null: the usual word.</param>
    /// <param name="message">The message.</param>
    public static string Body(int status, string? code, string message)
    {
        var detail = code is BadKey ? $$"""{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":{{Json.Text(code)}},"domain":"googleapis.com"}"""
            : code?.Contains("Per", StringComparison.Ordinal) == true ? $$"""{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaId":{{Json.Text(code)}}}]}"""
            : "";
        var word = detail.Length > 0 || code is null ? Usual(status) : code;
        return $$$"""{"error":{"code":{{{status}}},"message":{{{Json.Text(message)}}},"status":{{{Json.Text(word)}}},"details":[{{{detail}}}]}}""";
    }

    private static string Usual(int status) => status switch
    {
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        429 => "RESOURCE_EXHAUSTED",
        499 => "CANCELLED",
        503 or 529 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        >= 500 => "INTERNAL",
        _ => "INVALID_ARGUMENT",
    };
}
