using System.Buffers;
using System.Net.Http.Headers;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;

namespace Infermux.Providers;

/// <summary>
/// One upstream wire dialect, seen from callers that speak OpenAI's: bytes in, bytes out. Stateless and shared; what one answer needs lives in its
/// <see cref="StreamTranslator"/>.
/// </summary>
public interface IDialect
{
    /// <summary>Whether the dialect has this operation at all; a provider without it is not eligible.</summary>
    bool Serves(Operation operation);

    /// <summary>True where request and answer are the caller's own dialect, so that unknown fields travel untouched.</summary>
    bool IsPassthrough { get; }

    /// <summary>
    /// Whether a chat request made from this one may use the pivot's extensions (decision 0018) toward this target; where false, only what OpenAI's own chat has.
    /// </summary>
    bool ReadsExtensions(InferenceRequest request, AttemptTarget target) => !IsPassthrough;

    /// <summary>What the vendor bills on abort.</summary>
    AbortBilling AbortBilling(ProviderOptions provider);

    /// <summary>Writes the upstream request, credential included.</summary>
    /// <exception cref="RequestRefusedException">The request cannot be said in this dialect.</exception>
    HttpRequestMessage CreateRequest(InferenceRequest request, AttemptTarget target);

    /// <summary>Names of request fields this dialect dropped on the way, for <c>X-Infermux-Dropped</c>; empty for a passthrough dialect.</summary>
    IReadOnlyList<string> DroppedFields(InferenceRequest request, AttemptTarget target);

    /// <summary>Reads an answer whose status is not 2xx.</summary>
    ProviderFailure ReadFailure(int status, HttpResponseHeaders headers, ReadOnlySpan<byte> body);

    /// <summary>
    /// Reads a whole 2xx answer and writes it in the caller's dialect with the caller's model name. An answer that is an error, HTML or not of this
    /// dialect comes back as a failure, and nothing of what was written then counts.
    /// </summary>
    WholeAnswer ReadWhole(InferenceRequest request, AttemptTarget target, ReadOnlySpan<byte> body, IBufferWriter<byte> output);

    /// <summary>Starts reading a streamed 2xx answer.</summary>
    StreamTranslator CreateStream(InferenceRequest request, AttemptTarget target);

    /// <summary>The request of a health check, or null where the method needs a key that is not there.</summary>
    HttpRequestMessage? CreateHealthCheck(ProviderOptions provider);
}
