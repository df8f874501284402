using System.Buffers;
using System.Net.Http.Headers;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Providers.Pivot;
using Infermux.Providers.Transport;

namespace Infermux.Providers.Gemini;

/// <summary>Google's generateContent and embedContent, on the Gemini API or Vertex AI, for callers that speak OpenAI's chat and embeddings.</summary>
/// <param name="time">The clock for <c>created</c> and for waits that are told as a moment.</param>
internal sealed class GeminiDialect(TimeProvider time) : IDialect
{
    private static readonly byte[] Ping = """{"contents":[{"role":"user","parts":[{"text":"ping"}]}]}"""u8.ToArray();
    private static readonly byte[] OneToken =
        """{"contents":[{"role":"user","parts":[{"text":"ping"}]}],"generationConfig":{"maxOutputTokens":1}}"""u8.ToArray();

    /// <inheritdoc/>
    public bool IsPassthrough => false;

    /// <inheritdoc/>
    public bool Serves(Operation operation) => operation is Operation.ChatCompletions or Operation.Embeddings;

    /// <summary>Gemini finishes what it began and bills it.</summary>
    public AbortBilling AbortBilling(ProviderOptions provider) => Providers.AbortBilling.BillsOn;

    /// <inheritdoc/>
    public HttpRequestMessage CreateRequest(InferenceRequest request, AttemptTarget target)
    {
        if (request.Operation == Operation.Embeddings)
        {
            var asked = EmbeddingPlan.For(request, target);
            request.Sent = new SentNote(target, asked.Dropped);
            return Post(target, asked.Method, asked.Write(target.Model));
        }

        using var document = request.Parse();
        var plan = RequestPlan.For(document.RootElement, request.Facts, target);
        request.Sent = new SentNote(target, plan.Dropped);
        return Post(target, request.Facts.Stream ? "streamGenerateContent?alt=sse" : "generateContent", RequestWriter.Write(plan, document.RootElement));
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> DroppedFields(InferenceRequest request, AttemptTarget target) => NoteOf(request, target).Dropped;

    /// <inheritdoc/>
    public ProviderFailure ReadFailure(int status, HttpResponseHeaders headers, ReadOnlySpan<byte> body) =>
        GeminiFailures.Read(status, headers, body, time.GetUtcNow());

    /// <inheritdoc/>
    public WholeAnswer ReadWhole(InferenceRequest request, AttemptTarget target, ReadOnlySpan<byte> body, IBufferWriter<byte> output) =>
        request.Operation == Operation.Embeddings
            ? new EmbeddingReader(request.Facts.Model, EmbeddingPlan.For(request, target), request.Facts.PromptEstimate, time.GetUtcNow()).Read(body, output)
            : new AnswerReader(request.Facts.Model, target, time.GetUtcNow()).Read(body, output);

    /// <inheritdoc/>
    public StreamTranslator CreateStream(InferenceRequest request, AttemptTarget target)
    {
        var now = time.GetUtcNow();
        return new GeminiStreamTranslator(new ChunkWriter(request.Facts.Model, request.Facts.IncludeUsage, now), target, now);
    }

    /// <summary>On Vertex AI, whose listing not everyone may read who may call a model, <c>models</c> has a word's tokens counted, which is free.</summary>
    public HttpRequestMessage? CreateHealthCheck(ProviderOptions provider)
    {
        var onVertex = VertexPlace.Is(provider);
        if (string.IsNullOrEmpty(provider.ApiKey) && !onVertex)
        {
            return null;
        }

        return (provider.HealthCheck.Method, CheckedModel.Of(provider)) switch
        {
            (HealthCheckMethod.Models, _) when !onVertex =>
                WithHeaders(new HttpRequestMessage(HttpMethod.Get, GeminiEndpoint.ListingOf(provider)), provider, provider.ApiKey, null),
            (HealthCheckMethod.Models, { } model) => Check(provider, model, "countTokens", Ping),
            (HealthCheckMethod.Chat, { } model) => Check(provider, model, "generateContent", OneToken),
            _ => null,
        };
    }

    private static HttpRequestMessage Check(ProviderOptions provider, string model, string method, byte[] body) =>
        Post(new AttemptTarget { Provider = provider, Model = model, Credential = provider.ApiKey }, method, body);

    private static HttpRequestMessage Post(AttemptTarget target, string method, ReadOnlyMemory<byte> body)
    {
        var address = GeminiEndpoint.MethodOf(target.Provider, target.Model, method);
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new RequestBodyContent(body) };
        return WithHeaders(request, target.Provider, target.Credential, target.RequestId);
    }

    private static HttpRequestMessage WithHeaders(HttpRequestMessage request, ProviderOptions provider, string? credential, string? requestId)
    {
        if (!string.IsNullOrEmpty(credential))
        {
            GeminiEndpoint.Authorize(request, credential);
        }

        RequestHeaders.Complete(request, provider, requestId);
        return request;
    }

    private static SentNote NoteOf(InferenceRequest request, AttemptTarget target)
    {
        if (request.NoteFor(target) is { } known)
        {
            return known;
        }

        if (request.Operation == Operation.Embeddings)
        {
            return request.Sent = new SentNote(target, EmbeddingPlan.For(request, target).Dropped);
        }

        using var document = request.Parse();
        return request.Sent = new SentNote(target, RequestPlan.For(document.RootElement, request.Facts, target).Dropped);
    }
}
