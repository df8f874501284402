using System.Buffers;
using System.Net.Http.Headers;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Providers.Pivot;
using Infermux.Providers.Transport;

namespace Infermux.Providers.Bedrock;

/// <summary>
/// AWS Bedrock's Converse for callers that speak OpenAI chat. With <c>api_key</c>, a Bedrock API key, requests carry it as a bearer; else the transport signs
/// them just before they leave, since a signature holds for minutes only.
/// </summary>
/// <param name="time">The clock for <c>created</c> and for waits that are told as a moment.</param>
internal sealed class BedrockDialect(TimeProvider time) : IDialect
{
    /// <inheritdoc/>
    public bool IsPassthrough => false;

    /// <inheritdoc/>
    public bool Serves(Operation operation) => operation == Operation.ChatCompletions;

    /// <summary>Bedrock generates on and bills in full when its caller hangs up.</summary>
    public AbortBilling AbortBilling(ProviderOptions provider) => Providers.AbortBilling.BillsOn;

    /// <inheritdoc/>
    public HttpRequestMessage CreateRequest(InferenceRequest request, AttemptTarget target)
    {
        using var document = request.Parse();
        var plan = ConversePlan.For(document.RootElement, request.Facts, target);
        request.Sent = plan.Note(target);
        var body = ConverseWriter.Write(plan);
        return Post(target.Provider, target.Model, target.Credential, target.RequestId, request.Facts.Stream, body);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> DroppedFields(InferenceRequest request, AttemptTarget target) => NoteOf(request, target).Dropped;

    /// <inheritdoc/>
    public ProviderFailure ReadFailure(int status, HttpResponseHeaders headers, ReadOnlySpan<byte> body) =>
        BedrockFailures.Read(status, headers, body, time.GetUtcNow());

    /// <inheritdoc/>
    public WholeAnswer ReadWhole(InferenceRequest request, AttemptTarget target, ReadOnlySpan<byte> body, IBufferWriter<byte> output) =>
        new ConverseReader(request.Facts.Model, target, NoteOf(request, target).AnswerTool, time.GetUtcNow()).Read(body, output);

    /// <inheritdoc/>
    public StreamTranslator CreateStream(InferenceRequest request, AttemptTarget target)
    {
        var now = time.GetUtcNow();
        var chunks = new ChunkWriter(request.Facts.Model, request.Facts.IncludeUsage, now);
        return new ConverseStream(chunks, target, NoteOf(request, target).AnswerTool, now);
    }

    /// <summary>Bedrock's runtime host lists no models, so only the one-token chat can be asked for; <c>models</c> asks nothing.</summary>
    public HttpRequestMessage? CreateHealthCheck(ProviderOptions provider) =>
        provider.HealthCheck.Method == HealthCheckMethod.Chat && CheckedModel.Of(provider) is { } model
            ? Post(provider, model, provider.ApiKey, null, stream: false, OneToken())
            : null;

    private static byte[] OneToken() => """{"messages":[{"role":"user","content":[{"text":"ping"}]}],"inferenceConfig":{"maxTokens":1}}"""u8.ToArray();

    private static HttpRequestMessage Post(
        ProviderOptions provider, string model, string? credential, string? requestId, bool stream, ReadOnlyMemory<byte> body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Address(provider, model, stream)) { Content = new RequestBodyContent(body) };
        request.Headers.TryAddWithoutValidation("Accept", stream ? "application/vnd.amazon.eventstream" : "application/json");
        if (!string.IsNullOrEmpty(credential))
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + credential);
        }

        RequestHeaders.Complete(request, provider, requestId);
        return request;
    }

    // The id is one segment: its colons and slashes are escaped. A segment of dots would swallow the one before it.
    private static Uri Address(ProviderOptions provider, string model, bool stream) => model is "" or "." or ".."
        ? throw new RequestRefusedException($"'{model}' is no model id of Bedrock.", "model")
        : new Uri($"{AwsRegion.BedrockUrl(provider)}/model/{Uri.EscapeDataString(model)}/{(stream ? "converse-stream" : "converse")}");

    private static SentNote NoteOf(InferenceRequest request, AttemptTarget target)
    {
        if (request.NoteFor(target) is { } known)
        {
            return known;
        }

        using var document = request.Parse();
        return request.Sent = ConversePlan.For(document.RootElement, request.Facts, target).Note(target);
    }
}
