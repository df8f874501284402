using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Failures;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Bedrock;

/// <summary>
/// Decides whose fault a Bedrock failure is: the exception's name, told in a header or in the stream, says more than the status; a few texts say more than
/// the name, because a model that is not there and a prompt that does not fit both come as <c>ValidationException</c>.
/// </summary>
internal static class BedrockFailures
{
    private const string TypeHeader = "x-amzn-errortype";

    // AWS answers a wrong signature with everything that was signed, session token included.
    private const string SignedText = "The Canonical String";

    /// <summary>Reads an answer whose status is not 2xx.</summary>
    public static ProviderFailure Read(int status, HttpResponseHeaders? headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var error = ErrorBody.Read(body);
        var type = NameOf(First(headers) ?? TypeIn(body) ?? error.Type);
        var nothingSaid = string.Create(CultureInfo.InvariantCulture, $"HTTP {status} without a body");
        return Build(Classify(type, status, error.Message), status, type, error, headers, now, nothingSaid);
    }

    /// <summary>Reads an exception of a stream, or an error body that came with status 200.</summary>
    /// <param name="type">The exception's name; empty: look in the body.</param>
    /// <param name="body">Its payload.</param>
    /// <param name="now">For waits that are told as a moment.</param>
    /// <param name="usage">What was reported before it.</param>
    public static ProviderFailure ReadInStream(string type, ReadOnlySpan<byte> body, DateTimeOffset now, TokenUsage? usage)
    {
        var error = ErrorBody.Read(body);
        var name = NameOf(type.Length > 0 ? type : TypeIn(body) ?? error.Type);
        const string nothingSaid = "An exception without a message came inside the answer.";
        return Build(Classify(name, 500, error.Message), 200, name, error, null, now, nothingSaid) with { Usage = usage };
    }

    /// <summary>An answer of status 200 that is none.</summary>
    public static ProviderFailure NotAnAnswer(string what, TokenUsage? usage = null) =>
        new(FailureClass.ServerFault, 200, SecretMask.Apply(what)) { Usage = usage };

    private static ProviderFailure Build(
        FailureClass fault, int status, string? type, ErrorBody error, HttpResponseHeaders? headers, DateTimeOffset now, string nothingSaid)
    {
        var said = error.Message.IndexOf(SignedText, StringComparison.Ordinal) is >= 0 and var at ? error.Message[..at].TrimEnd() : error.Message;
        var message = SecretMask.Apply(said.Length > 0 ? said : nothingSaid);
        return new ProviderFailure(fault, status, message, type, RetryAfter.Read(headers, error, now))
        {
            RelayBody = RelayBody.Write(fault, message, type),
        };
    }

    private static FailureClass Classify(string? type, int status, string message) => type switch
    {
        "AccessDeniedException" when Says(message, "access to the model") => FailureClass.ModelMissing,
        "AccessDeniedException" or "UnrecognizedClientException" or "InvalidSignatureException" or "ExpiredTokenException" or "InvalidClientTokenId"
            or "MissingAuthenticationTokenException" or "IncompleteSignatureException" or "SignatureDoesNotMatch" => FailureClass.BadCredential,
        "ServiceQuotaExceededException" => FailureClass.QuotaExhausted,
        "ThrottlingException" when Says(message, "per day") => FailureClass.QuotaExhausted,
        "ThrottlingException" or "TooManyRequestsException" => FailureClass.RateLimited,
        "ModelNotReadyException" or "ServiceUnavailableException" => FailureClass.Overloaded,
        "ModelTimeoutException" or "ModelErrorException" or "ModelStreamErrorException" or "InternalServerException" => FailureClass.ServerFault,
        "ResourceNotFoundException" => FailureClass.ModelMissing,
        "ValidationException" => ByText(message),
        _ => ByStatus(status, message),
    };

    private static FailureClass ByText(string message) =>
        Says(message, "identifier is invalid") || Says(message, "on-demand throughput") ? FailureClass.ModelMissing
        : Says(message, "too long") || Says(message, "too many input tokens") || Says(message, "input tokens exceed") || Says(message, "context window")
            || Says(message, "exceed context limit") ? FailureClass.ContextTooLong
        : FailureClass.CallerFault;

    private static FailureClass ByStatus(int status, string message) => status switch
    {
        400 => ByText(message),
        401 or 403 => FailureClass.BadCredential,
        402 => FailureClass.QuotaExhausted,
        404 => FailureClass.ModelMissing,
        408 or 409 or 424 => FailureClass.ServerFault,
        413 => FailureClass.ContextTooLong,
        429 => Says(message, "per day") ? FailureClass.QuotaExhausted : FailureClass.RateLimited,
        503 => FailureClass.Overloaded,
        >= 400 and < 500 => FailureClass.CallerFault,
        _ => FailureClass.ServerFault,
    };

    // "ValidationException:http://internal.amazon.com/…", "com.amazon.coral.service#UnknownOperationException", and "throttlingException" in a stream.
    private static string? NameOf(string? type)
    {
        if (string.IsNullOrWhiteSpace(type))
        {
            return null;
        }

        var end = type.IndexOf(':', StringComparison.Ordinal);
        var name = type[(type.LastIndexOf('#', end < 0 ? type.Length - 1 : end) + 1)..(end < 0 ? type.Length : end)].Trim();
        return name.Length == 0 ? null : SecretMask.Apply(char.ToUpperInvariant(name[0]) + name[1..]);
    }

    private static string? TypeIn(ReadOnlySpan<byte> body)
    {
        if (body.IndexOf("__type"u8) < 0)
        {
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.Text("__type") ?? document.RootElement.Find("Output")?.Text("__type");
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException)
        {
            return null; // the error reader says what it is instead
        }
    }

    private static bool Says(string message, string text) => message.Contains(text, StringComparison.OrdinalIgnoreCase);

    private static string? First(HttpResponseHeaders? headers) =>
        headers is not null && headers.NonValidated.TryGetValues(TypeHeader, out var values) && values.Count > 0 ? values.ToString().Trim() : null;
}
