using System.Buffers;
using System.Net.Http.Headers;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Providers.Failures;
using Infermux.Providers.Pivot;
using Infermux.Providers.Responses.Upstream;
using Infermux.Providers.Transport;

namespace Infermux.Providers.OpenAi;

/// <summary>OpenAI's dialect in and out: bytes travel as they are but for the few values that routing and money must change.</summary>
/// <param name="endpoint">Addresses and credentials of one kind of provider.</param>
/// <param name="time">Only for a <c>Retry-After</c> date in an answer that has no date of its own.</param>
internal sealed class OpenAiDialect(OpenAiEndpoint endpoint, TimeProvider time) : IDialect
{
    private ChatOverResponses? _responses; // for models that refuse on chat completions what is asked for

    private ChatOverResponses Responses => _responses ??= new ChatOverResponses(endpoint, this, time);

    /// <inheritdoc/>
    public bool IsPassthrough => true;

    /// <inheritdoc/>
    public bool Serves(Operation operation) => operation != Operation.Responses;

    /// <inheritdoc/>
    public bool ReadsExtensions(InferenceRequest request, AttemptTarget target) => request.Facts.Tools && ChatOverResponses.TakesAnyTools(target);

    /// <inheritdoc/>
    public AbortBilling AbortBilling(ProviderOptions provider) => VendorBilling.Of(provider);

    /// <inheritdoc/>
    public IReadOnlyList<string> DroppedFields(InferenceRequest request, AttemptTarget target) =>
        ChatOverResponses.Takes(request, target) ? Responses.DroppedFields(request, target)
        : request.Facts.Marked && MarkedReasoning.IsIn(request.Body) ? ["reasoning_details"]
        : [];

    /// <inheritdoc/>
    public HttpRequestMessage CreateRequest(InferenceRequest request, AttemptTarget target)
    {
        if (ChatOverResponses.Takes(request, target))
        {
            return Responses.CreateRequest(request, target);
        }

        var edits = RequestEdits.For(request, target, endpoint.CapKey(target.Provider, request.Operation), endpoint.NamesModel(target.Provider));
        return endpoint.Post(request, target, request.Operation, new RequestBodyContent(request.Body, edits));
    }

    /// <inheritdoc/>
    public ProviderFailure ReadFailure(int status, HttpResponseHeaders headers, ReadOnlySpan<byte> body) =>
        FailureReader.Read(status, headers, body, time.GetUtcNow());

    /// <inheritdoc/>
    public WholeAnswer ReadWhole(InferenceRequest request, AttemptTarget target, ReadOnlySpan<byte> body, IBufferWriter<byte> output) =>
        ChatOverResponses.Takes(request, target)
            ? Responses.ReadWhole(request, target, body, output)
            : WholeReader.Read(request, target, body, output, time);

    /// <inheritdoc/>
    public StreamTranslator CreateStream(InferenceRequest request, AttemptTarget target) =>
        ChatOverResponses.Takes(request, target) ? Responses.CreateStream(request, target) : new OpenAiStream(request, target, time);

    /// <inheritdoc/>
    public HttpRequestMessage? CreateHealthCheck(ProviderOptions provider)
    {
        if (endpoint.CheckNeedsKey && string.IsNullOrEmpty(provider.ApiKey) && !EntraScope.IsAsked(provider))
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
            endpoint.AddCommonHeaders(message, provider, provider.ApiKey);
        }

        return message;
    }
}
