using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Failures;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses;

/// <summary>
/// Failures inside a Responses answer of status 200: the <c>error</c> event, flat as the schema has it or nested as it is seen, and a <c>response</c> of status
/// <c>failed</c>. They are put into OpenAI's error envelope and judged as that.
/// </summary>
internal static class ResponsesFailures
{
    /// <summary>Reads the event or response; its error may lie in <c>error</c>, in <c>response.error</c>, or be the object itself.</summary>
    public static ProviderFailure Read(JsonElement root, DateTimeOffset now, TokenUsage? usage)
    {
        var error = root.Find("error") ?? root.Find("response")?.Find("error") ?? root;
        var code = Word(error, "code");
        var type = error.Text("type") is { } said && said is not ("error" or "response.failed") ? said : TypeOf(code);
        using var envelope = new MemoryStream();
        using (var writer = new Utf8JsonWriter(envelope))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("error");
            writer.WriteString("message", error.Text("message") ?? "the provider failed and did not say why");
            writer.WriteString("type", type);
            writer.WriteString("param", error.Text("param"));
            writer.WriteString("code", code);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return FailureReader.ReadInAnswer(envelope.ToArray(), now, usage);
    }

    /// <summary>The type that a code stands for: whose fault it is where nothing else says so.</summary>
    internal static string TypeOf(string? code) => code switch
    {
        "context_length_exceeded" or "invalid_prompt" or "bio_policy" or "data_residency_mismatch" or "failed_to_download_image" or "empty_image_file"
            or "unsupported_image_media_type" => "invalid_request_error",
        not null when code.StartsWith("invalid_image", StringComparison.Ordinal) || code.StartsWith("image_", StringComparison.Ordinal) => "invalid_request_error",
        "insufficient_quota" or "credit_balance_exhausted" => "insufficient_quota",
        "rate_limit_exceeded" => "tokens",
        "server_is_overloaded" or "slow_down" => "service_unavailable_error",
        _ => "server_error",
    };

    private static string? Word(JsonElement error, string name) => error.Find(name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };
}
