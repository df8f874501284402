using System.Text.Json;
using Infermux.Core.Failures;

namespace Infermux.Providers.Failures;

/// <summary>The error of another dialect in OpenAI's shape.</summary>
internal static class RelayBody
{
    /// <summary>Writes it, with OpenAI's own code where the class has one.</summary>
    /// <param name="fault">Whose fault it is.</param>
    /// <param name="message">The provider's words, masked.</param>
    /// <param name="type">The provider's word for it; null: it had none.</param>
    public static byte[] Write(FailureClass fault, string message, string? type)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("error");
            writer.WriteString("message", message);
            writer.WriteString("type", type ?? "invalid_request_error");
            writer.WriteNull("param");
            writer.WriteString("code", CodeOf(fault));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static string? CodeOf(FailureClass fault) => fault switch
    {
        FailureClass.ContextTooLong => "context_length_exceeded",
        FailureClass.ModelMissing => "model_not_found",
        FailureClass.RateLimited => "rate_limit_exceeded",
        FailureClass.QuotaExhausted => "insufficient_quota",
        FailureClass.BadCredential => "invalid_api_key",
        _ => null,
    };
}
