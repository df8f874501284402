using System.Buffers;
using System.Net.Http.Headers;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Providers.Failures;
using Infermux.Providers.Transport;

namespace Infermux.Providers.OpenAi;

/// <summary>OpenAI's dialect in and out: bytes travel as they are but for the few values that routing and money must change.</summary>
/// <param name="endpoint">Addresses and credentials of one kind of provider.</param>
/// <param name="time">Only for a <c>Retry-After</c> date in an answer that has no date of its own.</param>
internal sealed class OpenAiDialect(OpenAiEndpoint endpoint, TimeProvider time) : IDialect
{
    /// <inheritdoc/>
    public bool IsPassthrough => true;

    /// <inheritdoc/>
    public bool Serves(Operation operation) => true;

    /// <inheritdoc/>
    public AbortBilling AbortBilling(ProviderOptions provider) => VendorBilling.Of(provider);

    /// <inheritdoc/>
    public IReadOnlyList<string> DroppedFields(InferenceRequest request, AttemptTarget target) => [];

    /// <inheritdoc/>
    public HttpRequestMessage CreateRequest(InferenceRequest request, AttemptTarget target)
    {
        var edits = RequestEdits.For(request, target, endpoint.CapKey(target.Provider, request.Operation));
        var message = new HttpRequestMessage(HttpMethod.Post, endpoint.AddressOf(target.Provider, request.Operation))
        {
            Content = new RequestBodyContent(request.Body, edits),
        };
        message.Headers.TryAddWithoutValidation("Accept", request.Facts.Stream ? "text/event-stream" : "application/json");
        if (target.RequestId is { } id)
        {
            message.Headers.TryAddWithoutValidation("X-Request-Id", id);
        }

        AddCommonHeaders(message, target.Provider, target.Credential);
        return message;
    }

    /// <inheritdoc/>
    public ProviderFailure ReadFailure(int status, HttpResponseHeaders headers, ReadOnlySpan<byte> body) =>
        FailureReader.Read(status, headers, body, time.GetUtcNow());

    /// <inheritdoc/>
    public WholeAnswer ReadWhole(InferenceRequest request, AttemptTarget target, ReadOnlySpan<byte> body, IBufferWriter<byte> output) =>
        WholeReader.Read(request, target, body, output, time);

    /// <inheritdoc/>
    public StreamTranslator CreateStream(InferenceRequest request, AttemptTarget target) => new OpenAiStream(request, target, time);

    /// <inheritdoc/>
    public HttpRequestMessage? CreateHealthCheck(ProviderOptions provider)
    {
        if (string.IsNullOrEmpty(provider.ApiKey) && endpoint.CheckNeedsKey)
        {
            return null;
        }

        var message = provider.HealthCheck.Method switch
        {
            HealthCheckMethod.Models => new HttpRequestMessage(HttpMethod.Get, endpoint.ListingOf(provider)),
            HealthCheckMethod.Chat => ShortestChat.Create(endpoint, provider),
            _ => null,
        };
        message?.Headers.TryAddWithoutValidation("Accept", "application/json");
        if (message is not null)
        {
            AddCommonHeaders(message, provider, provider.ApiKey);
        }

        return message;
    }

    /// <summary>The credential, our name, and the operator's own headers, which win.</summary>
    private void AddCommonHeaders(HttpRequestMessage message, ProviderOptions provider, string? credential)
    {
        message.Headers.TryAddWithoutValidation("User-Agent", "infermux");
        if (!string.IsNullOrEmpty(credential))
        {
            endpoint.Authorize(message, credential);
        }

        if (provider.Headers.Count == 0)
        {
            return;
        }

        foreach (var (name, value) in provider.Headers)
        {
            message.Headers.Remove(name);
            message.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
