using System.Globalization;
using System.Net.Http.Headers;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Failures;

namespace Infermux.Providers.Gemini;

/// <summary>
/// Decides whose fault a failure of Gemini is. The status word says more than the number, and the details more than both: a bad key is a 400 like a bad
/// request, and a quota of the day comes like a limit of the minute.
/// </summary>
internal static class GeminiFailures
{
    /// <summary>Reads an answer whose status is not 2xx.</summary>
    public static ProviderFailure Read(int status, HttpResponseHeaders? headers, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        Build(status, status, headers, body, now);

    /// <summary>Reads an error that came with status 200: a whole body, or one chunk.</summary>
    public static ProviderFailure ReadInAnswer(ReadOnlySpan<byte> body, DateTimeOffset now, TokenUsage? usage) =>
        Build(200, null, null, body, now) with { Usage = usage };

    /// <summary>An answer of status 200 that is no response.</summary>
    public static ProviderFailure NotAnAnswer(string what, TokenUsage? usage = null) =>
        new(FailureClass.ServerFault, 200, SecretMask.Apply(what)) { Usage = usage };

    private static ProviderFailure Build(int shown, int? given, HttpResponseHeaders? headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var error = ErrorBody.Read(body);
        var status = given ?? error.Status ?? 500;
        var details = ErrorDetails.Read(body);
        var fault = Classify(status, error, details);
        var said = error.Message.Length > 0 ? error.Message : $"HTTP {status.ToString(CultureInfo.InvariantCulture)} without a body";
        var message = SecretMask.Apply(said);
        var type = error.Type is null ? null : SecretMask.Apply(error.Type);
        return new ProviderFailure(fault, shown, message, type, RetryAfter.Read(headers, error, now)) { RelayBody = RelayBody.Write(fault, message, type) };
    }

    private static FailureClass Classify(int status, ErrorBody error, ErrorDetails details) => error.Type switch
    {
        _ when details.Reasons.Contains("API_KEY_INVALID") || Says(error, "API key not valid") || Says(error, "API key expired") => FailureClass.BadCredential,
        "INVALID_ARGUMENT" when Says(error, "token count") && Says(error, "exceeds") => FailureClass.ContextTooLong,
        "FAILED_PRECONDITION" or "PERMISSION_DENIED" or "UNAUTHENTICATED" => FailureClass.BadCredential,
        "RESOURCE_EXHAUSTED" => IsQuota(error, details) ? FailureClass.QuotaExhausted : FailureClass.RateLimited,
        "INVALID_ARGUMENT" or "OUT_OF_RANGE" => FailureClass.CallerFault,
        "NOT_FOUND" => FailureClass.ModelMissing,
        "UNAVAILABLE" => FailureClass.Overloaded,
        "CANCELLED" => FailureClass.ClientGone,
        "INTERNAL" or "UNKNOWN" or "DEADLINE_EXCEEDED" or "ABORTED" or "DATA_LOSS" => FailureClass.ServerFault,
        _ => ByStatus(status, error, details),
    };

    private static FailureClass ByStatus(int status, ErrorBody error, ErrorDetails details) => status switch
    {
        401 or 403 => FailureClass.BadCredential,
        402 => FailureClass.QuotaExhausted,
        404 => FailureClass.ModelMissing,
        408 or 409 => FailureClass.ServerFault,
        429 => IsQuota(error, details) ? FailureClass.QuotaExhausted : FailureClass.RateLimited,
        499 => FailureClass.ClientGone,
        503 or 529 or (>= 520 and <= 527) or 530 => FailureClass.Overloaded,
        >= 400 and < 500 => FailureClass.CallerFault,
        _ => FailureClass.ServerFault,
    };

    // The message says "quota" for every limit; only the ids of the quotas tell the day from the minute.
    private static bool IsQuota(ErrorBody error, ErrorDetails details) =>
        details.QuotaIds.Any(static id => id.Contains("PerDay", StringComparison.OrdinalIgnoreCase))
        || Says(error, "spending cap") || Says(error, "credits are depleted");

    private static bool Says(ErrorBody error, string text) => error.Message.Contains(text, StringComparison.OrdinalIgnoreCase);
}
