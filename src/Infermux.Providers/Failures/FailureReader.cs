using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;

namespace Infermux.Providers.Failures;

/// <summary>
/// Decides whose fault an OpenAI-shaped failure is, from documented codes: OpenAI, Azure, and the servers that speak OpenAI's dialect. The order matters:
/// a code says more than a type, a type more than a status, and texts are the last resort.
/// </summary>
internal static class FailureReader
{
    private const int MaxRelayBytes = 64 << 10;

    /// <summary>Reads an answer whose status is not 2xx.</summary>
    public static ProviderFailure Read(int status, HttpResponseHeaders? headers, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        Build(status, status, headers, body, now, null);

    /// <summary>Reads an error that came inside an answer of status 200: a whole body, or the data of one event.</summary>
    public static ProviderFailure ReadInAnswer(ReadOnlySpan<byte> body, DateTimeOffset now, TokenUsage? usage) =>
        Build(200, null, null, body, now, usage);

    /// <summary>An answer of status 200 that is not of this dialect.</summary>
    public static ProviderFailure NotAnAnswer(string what, TokenUsage? usage = null) => new(FailureClass.ServerFault, 200, what) { Usage = usage };

    /// <summary>Where an error came with 200, the status it stands for.</summary>
    private static int StatusOf(ErrorBody error) => error.Status ?? (error.Type ?? error.Code) switch
    {
        "invalid_request_error" or "INVALID_ARGUMENT" => 400,
        "authentication_error" or "invalid_api_key" => 401,
        "permission_error" => 403,
        "not_found_error" => 404,
        "rate_limit_error" or "rate_limit_exceeded" or "requests" or "tokens" or "insufficient_quota" or "RESOURCE_EXHAUSTED" => 429,
        "overloaded_error" or "service_unavailable_error" or "UNAVAILABLE" => 503,
        _ => 500,
    };

    private static ProviderFailure Build(int shown, int? given, HttpResponseHeaders? headers, ReadOnlySpan<byte> body, DateTimeOffset now, TokenUsage? usage)
    {
        var error = ErrorBody.Read(body);
        var status = given ?? StatusOf(error);
        var message = SecretMask.Apply(error.Message.Length > 0 ? error.Message : $"HTTP {status} without a body");
        return new ProviderFailure(Classify(status, error), shown, message, error.Code is null ? null : SecretMask.Apply(error.Code), RetryAfter.Read(headers, error, now))
        {
            RelayBody = Relay(error, message, body),
            Usage = usage,
        };
    }

    private static FailureClass Classify(int status, ErrorBody error) =>
        ByCode(error.Code, status, error) ?? ByCode(error.Type, status, error) ?? ByText(status, error) ?? ByStatus(status);

    private static FailureClass? ByCode(string? code, int status, ErrorBody error) => code switch
    {
        null => null,
        "context_length_exceeded" or "exceed_context_size_error" when status is 400 or 413 or 422 => FailureClass.ContextTooLong,
        "content_filter" or "content_policy_violation" or "moderation_blocked" or "ResponsibleAIPolicyViolation" => FailureClass.ContentFiltered,
        "invalid_api_key" or "invalid_organization" or "account_deactivated" or "insufficient_permissions" or "unsupported_country_region_territory"
            or "authentication_error" or "UNAUTHENTICATED" or "FAILED_PRECONDITION" => FailureClass.BadCredential,
        "insufficient_quota" or "credit_balance_exhausted" or "billing_hard_limit_reached" or "billing_not_active" => FailureClass.QuotaExhausted,
        "model_not_found" or "DeploymentNotFound" => FailureClass.ModelMissing,
        "slow_down" or "server_is_overloaded" or "engine_overloaded" or "overloaded_error" or "service_unavailable_error" => FailureClass.Overloaded,
        "rate_limit_exceeded" or "RateLimitReached" when !Says(error, PerDay) => FailureClass.RateLimited,
        "tool_use_failed" => FailureClass.ServerFault, // the model wrote a call that does not parse (Groq)
        _ => null,
    };

    private static FailureClass? ByText(int status, ErrorBody error) => status switch
    {
        400 or 401 or 403 when Says(error, "API_KEY_INVALID") || Says(error, "Incorrect API key") || Says(error, "API key not valid") => FailureClass.BadCredential,
        400 when Says(error, "not a valid model ID") => FailureClass.ModelMissing,
        400 or 403 when Says(error, "ResponsibleAIPolicyViolation") => FailureClass.ContentFiltered,
        400 or 413 or 422 or 500 when SaysTooLong(error) => FailureClass.ContextTooLong,
        403 when Says(error, "\"reasons\"") || Says(error, "moderation") => FailureClass.ContentFiltered, // OpenRouter
        413 when Says(error, "tokens per minute") || Says(error, "TPM") => FailureClass.RateLimited, // Groq
        429 when Says(error, "exceeded your current quota") || Says(error, "spend limit") || Says(error, "usage limit") || Says(error, PerDay) || Says(error, "per day")
            => FailureClass.QuotaExhausted,
        429 when Says(error, "high demand") || Says(error, "overloaded") || Says(error, "no capacity") => FailureClass.Overloaded, // Azure
        _ => null,
    };

    private static FailureClass ByStatus(int status) => status switch
    {
        401 or 403 => FailureClass.BadCredential,
        402 => FailureClass.QuotaExhausted,
        404 => FailureClass.ModelMissing,
        408 or 409 or 424 => FailureClass.ServerFault,
        429 => FailureClass.RateLimited,
        498 or 503 or 529 or (>= 520 and <= 527) or 530 => FailureClass.Overloaded, // Groq capacity; Anthropic; Cloudflare
        >= 400 and < 500 => FailureClass.CallerFault,
        _ => FailureClass.ServerFault, // 5xx; a redirect is not followed
    };

    private const string PerDay = "PerDay";

    private static bool SaysTooLong(ErrorBody error) =>
        Says(error, "maximum context length") || Says(error, "context window") || Says(error, "context size") || Says(error, "prompt is too long")
        || Says(error, "context_length_exceeded") || Says(error, "input is too long") || (Says(error, "token count") && Says(error, "exceeds"));

    private static bool Says(ErrorBody error, string text) =>
        error.Message.Contains(text, StringComparison.OrdinalIgnoreCase) || error.Details.Contains(text, StringComparison.OrdinalIgnoreCase);

    /// <summary>An OpenAI-shaped body keeps its bytes and so its extra members; others are put into that shape.</summary>
    private static byte[] Relay(ErrorBody error, string message, ReadOnlySpan<byte> body)
    {
        if (error.IsOpenAiShaped && body.Length <= MaxRelayBytes)
        {
            return Encoding.UTF8.GetBytes(SecretMask.Apply(Encoding.UTF8.GetString(body)));
        }

        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("error");
            writer.WriteString("message", message);
            writer.WriteString("type", SecretMask.Apply(error.Type ?? "invalid_request_error"));
            writer.WriteString("param", error.Param is null ? null : SecretMask.Apply(error.Param));
            writer.WriteString("code", error.Code is null ? null : SecretMask.Apply(error.Code));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }
}
