using System.Globalization;
using System.Net.Http.Headers;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Failures;

namespace Infermux.Providers.Anthropic;

/// <summary>
/// Decides whose fault an Anthropic failure is: the error's type says more than the status, and two texts say more than their type, because a workspace's own
/// spend limit and a prompt that does not fit both come as <c>invalid_request_error</c>.
/// </summary>
internal static class AnthropicFailures
{
    /// <summary>Reads an answer whose status is not 2xx.</summary>
    public static ProviderFailure Read(int status, HttpResponseHeaders? headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var error = ErrorBody.Read(body);
        return Build(Classify(status, error), status, error, headers, now, $"HTTP {status.ToString(CultureInfo.InvariantCulture)} without a body");
    }

    /// <summary>Reads an error that came with status 200: a whole body, or the data of one event.</summary>
    public static ProviderFailure ReadInAnswer(ReadOnlySpan<byte> body, DateTimeOffset now, TokenUsage? usage)
    {
        var error = ErrorBody.Read(body);
        return Build(Classify(500, error), 200, error, null, now, "An error without a message came inside the answer.") with { Usage = usage };
    }

    /// <summary>An answer of status 200 that is no message.</summary>
    public static ProviderFailure NotAnAnswer(string what, TokenUsage? usage = null) => new(FailureClass.ServerFault, 200, SecretMask.Apply(what)) { Usage = usage };

    private static ProviderFailure Build(FailureClass fault, int status, ErrorBody error, HttpResponseHeaders? headers, DateTimeOffset now, string nothingSaid)
    {
        var message = SecretMask.Apply(error.Message.Length > 0 ? error.Message : nothingSaid);
        var type = error.Type is null ? null : SecretMask.Apply(error.Type);
        return new ProviderFailure(fault, status, message, type, RetryAfter.Read(headers, error, now) ?? FromResets(headers, now))
        {
            RelayBody = RelayBody.Write(fault, message, type),
        };
    }

    private static FailureClass Classify(int status, ErrorBody error) => error.Type switch
    {
        "invalid_request_error" when Says(error, "usage limits") || Says(error, "credit balance") => FailureClass.QuotaExhausted,
        "invalid_request_error" when Says(error, "prompt is too long") || Says(error, "exceed context limit") || Says(error, "context window") => FailureClass.ContextTooLong,
        "rate_limit_error" when error.Details.Contains("enforced_spend_limit_reached", StringComparison.Ordinal) => FailureClass.QuotaExhausted,
        "overloaded_error" => FailureClass.Overloaded,
        "authentication_error" or "permission_error" => FailureClass.BadCredential,
        "billing_error" => FailureClass.QuotaExhausted,
        "not_found_error" => FailureClass.ModelMissing,
        "request_too_large" => FailureClass.ContextTooLong,
        "rate_limit_error" => FailureClass.RateLimited,
        "api_error" or "timeout_error" or "conflict_error" => FailureClass.ServerFault,
        "invalid_request_error" => FailureClass.CallerFault,
        _ => ByStatus(status),
    };

    private static FailureClass ByStatus(int status) => status switch
    {
        401 or 403 => FailureClass.BadCredential,
        402 => FailureClass.QuotaExhausted,
        404 => FailureClass.ModelMissing,
        408 or 409 => FailureClass.ServerFault,
        413 => FailureClass.ContextTooLong,
        429 => FailureClass.RateLimited,
        503 or 529 or (>= 520 and <= 527) or 530 => FailureClass.Overloaded,
        >= 400 and < 500 => FailureClass.CallerFault,
        _ => FailureClass.ServerFault,
    };

    private static bool Says(ErrorBody error, string text) => error.Message.Contains(text, StringComparison.OrdinalIgnoreCase);

    // Every limit has its reset; only those with nothing left say when to come back, and the last of them decides.
    private static TimeSpan? FromResets(HttpResponseHeaders? headers, DateTimeOffset now)
    {
        TimeSpan? longest = null;
        foreach (var limit in (ReadOnlySpan<string>)["requests", "tokens", "input-tokens", "output-tokens"])
        {
            if (First(headers, $"anthropic-ratelimit-{limit}-remaining") is "0"
                && DateTimeOffset.TryParse(First(headers, $"anthropic-ratelimit-{limit}-reset"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var reset)
                && reset - (headers!.Date ?? now) is var wait && wait > TimeSpan.Zero && !(wait < longest))
            {
                longest = wait;
            }
        }

        return longest;
    }

    private static string? First(HttpResponseHeaders? headers, string name) =>
        headers is not null && headers.NonValidated.TryGetValues(name, out var values) && values.Count > 0 ? values.ToString().Trim() : null;
}
