using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
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
        using var document = JsonDocument.Parse(request.Body);
        var body = ConverseWriter.Write(ConversePlan.For(document.RootElement, request.Facts, target));
        return Post(target.Provider, target.Model, target.Credential, target.RequestId, request.Facts.Stream, body);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> DroppedFields(InferenceRequest request, AttemptTarget target)
    {
        using var document = JsonDocument.Parse(request.Body);
        return ConversePlan.For(document.RootElement, request.Facts, target).Dropped;
    }

    /// <inheritdoc/>
    public ProviderFailure ReadFailure(int status, HttpResponseHeaders headers, ReadOnlySpan<byte> body) =>
        BedrockFailures.Read(status, headers, body, time.GetUtcNow());

    /// <inheritdoc/>
    public WholeAnswer ReadWhole(InferenceRequest request, AttemptTarget target, ReadOnlySpan<byte> body, IBufferWriter<byte> output) =>
        new ConverseReader(request.Facts.Model, target, ConversePlan.AnswerTool(request, target), time.GetUtcNow()).Read(body, output);

    /// <inheritdoc/>
    public StreamTranslator CreateStream(InferenceRequest request, AttemptTarget target)
    {
        var now = time.GetUtcNow();
        var chunks = new ChunkWriter(request.Facts.Model, request.Facts.IncludeUsage, now);
        return new ConverseStream(chunks, target, ConversePlan.AnswerTool(request, target), now);
    }

    /// <summary>Bedrock's runtime host lists no models, so only the one-token chat can be asked for; <c>models</c> asks nothing.</summary>
    public HttpRequestMessage? CreateHealthCheck(ProviderOptions provider) =>
        provider.HealthCheck.Method == HealthCheckMethod.Chat && AnyModel(provider) is { } model
            ? Post(provider, model, provider.ApiKey, null, stream: false, OneToken())
            : null;

    private static string? AnyModel(ProviderOptions provider) => provider.Models is [var listed, ..]
        ? provider.ModelAliases.GetValueOrDefault(listed, listed)
        : provider.ModelAliases.Values.FirstOrDefault();

    private static byte[] OneToken() => """{"messages":[{"role":"user","content":[{"text":"ping"}]}],"inferenceConfig":{"maxTokens":1}}"""u8.ToArray();

    private static HttpRequestMessage Post(
        ProviderOptions provider, string model, string? credential, string? requestId, bool stream, ReadOnlyMemory<byte> body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Address(provider, model, stream)) { Content = new RequestBodyContent(body) };
        request.Headers.TryAddWithoutValidation("User-Agent", "infermux");
        request.Headers.TryAddWithoutValidation("Accept", stream ? "application/vnd.amazon.eventstream" : "application/json");
        if (!string.IsNullOrEmpty(credential))
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + credential);
        }

        if (requestId is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Request-Id", requestId);
        }

        foreach (var (name, value) in provider.Headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    // The id is one segment: its colons and slashes are escaped. A segment of dots would swallow the one before it.
    private static Uri Address(ProviderOptions provider, string model, bool stream) => model is "" or "." or ".."
        ? throw new RequestRefusedException($"'{model}' is no model id of Bedrock.", "model")
        : new Uri($"{AwsRegion.BedrockUrl(provider)}/model/{Uri.EscapeDataString(model)}/{(stream ? "converse-stream" : "converse")}");
}
