namespace Infermux.Testing;

/// <summary>OpenAI's error envelope, with its usual type and code for a status.</summary>
internal static class OpenAiError
{
    public static string Body(int status, string? code, string message, string? param)
    {
        var (type, usual) = Usual(status, code);
        return $$$"""{"error":{"message":{{{Json.Text(message)}}},"type":{{{Json.Text(type)}}},"param":{{{Json.Text(param)}}},"code":{{{Json.Text(code ?? usual)}}}}}""";
    }

    private static (string Type, string? Code) Usual(int status, string? code) => status switch
    {
        _ when code is "insufficient_quota" => ("insufficient_quota", code),
        401 => ("invalid_request_error", "invalid_api_key"),
        403 => ("invalid_request_error", "insufficient_permissions"),
        404 => ("invalid_request_error", "model_not_found"),
        429 => ("requests", "rate_limit_exceeded"),
        503 => ("service_unavailable_error", "server_is_overloaded"),
        >= 500 => ("server_error", "server_error"),
        _ => ("invalid_request_error", null),
    };
}
