using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Providers.Pivot;
using Infermux.Providers.Transport;

namespace Infermux.Providers.Anthropic;

/// <summary>
/// Anthropic Messages for callers that speak OpenAI chat. Version <c>2023-06-01</c>: the later ones refuse sampling fields even at their defaults, and
/// say nothing that this translation could use.
/// </summary>
/// <param name="time">The clock for <c>created</c> and for waits that are told as a moment.</param>
internal sealed class AnthropicDialect(TimeProvider time) : IDialect
{
    private const string DefaultBaseUrl = "https://api.anthropic.com";
    private const string Version = "2023-06-01";

    /// <inheritdoc/>
    public bool IsPassthrough => false;

    /// <inheritdoc/>
    public bool Serves(Operation operation) => operation == Operation.ChatCompletions;

    /// <inheritdoc/>
    public AbortBilling AbortBilling(ProviderOptions provider) => Providers.AbortBilling.StopsOnAbort;

    /// <inheritdoc/>
    public HttpRequestMessage CreateRequest(InferenceRequest request, AttemptTarget target)
    {
        using var document = JsonDocument.Parse(request.Body);
        var plan = RequestPlan.For(document.RootElement, request.Facts, target);
        var body = RequestWriter.Write(plan, target.Model, request.Facts.Stream);
        return Post(target.Provider, target.Credential, target.RequestId, body);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> DroppedFields(InferenceRequest request, AttemptTarget target)
    {
        using var document = JsonDocument.Parse(request.Body);
        return RequestPlan.For(document.RootElement, request.Facts, target).Dropped;
    }

    /// <inheritdoc/>
    public ProviderFailure ReadFailure(int status, HttpResponseHeaders headers, ReadOnlySpan<byte> body) =>
        AnthropicFailures.Read(status, headers, body, time.GetUtcNow());

    /// <inheritdoc/>
    public WholeAnswer ReadWhole(InferenceRequest request, AttemptTarget target, ReadOnlySpan<byte> body, IBufferWriter<byte> output) =>
        new AnswerReader(request.Facts.Model, ModelTraitTable.Find(target.Model), RequestPlan.AnswerTool(request, target), time.GetUtcNow()).Read(body, output);

    /// <inheritdoc/>
    public StreamTranslator CreateStream(InferenceRequest request, AttemptTarget target)
    {
        var now = time.GetUtcNow();
        var chunks = new ChunkWriter(request.Facts.Model, request.Facts.IncludeUsage, now);
        return new AnthropicStreamTranslator(chunks, ModelTraitTable.Find(target.Model), RequestPlan.AnswerTool(request, target), now);
    }

    /// <inheritdoc/>
    public HttpRequestMessage? CreateHealthCheck(ProviderOptions provider)
    {
        if (provider.ApiKey is not { Length: > 0 } key)
        {
            return null;
        }

        return provider.HealthCheck.Method switch
        {
            HealthCheckMethod.Models => WithHeaders(new HttpRequestMessage(HttpMethod.Get, Url(provider, "models?limit=1")), provider, key, null),
            HealthCheckMethod.Chat when AnyModel(provider) is { } model => Post(provider, key, null, OneToken(model)),
            _ => null,
        };
    }

    private static string? AnyModel(ProviderOptions provider) => provider.Models is [var listed, ..]
        ? provider.ModelAliases.GetValueOrDefault(listed, listed)
        : provider.ModelAliases.Values.FirstOrDefault();

    private static byte[] OneToken(string model) =>
        JsonSerializer.SerializeToUtf8Bytes(new { model, max_tokens = 1, messages = new[] { new { role = "user", content = "ping" } } });

    private static HttpRequestMessage Post(ProviderOptions provider, string? credential, string? requestId, ReadOnlyMemory<byte> body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Url(provider, "messages")) { Content = new RequestBodyContent(body) };
        return WithHeaders(request, provider, credential, requestId);
    }

    private static HttpRequestMessage WithHeaders(HttpRequestMessage request, ProviderOptions provider, string? credential, string? requestId)
    {
        request.Headers.TryAddWithoutValidation("User-Agent", "infermux");
        request.Headers.TryAddWithoutValidation("anthropic-version", Version);
        if (!string.IsNullOrEmpty(credential))
        {
            request.Headers.TryAddWithoutValidation("x-api-key", credential);
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

    private static Uri Url(ProviderOptions provider, string path)
    {
        var root = (provider.BaseUrl ?? DefaultBaseUrl).TrimEnd('/');
        return new Uri(root.EndsWith("/v1", StringComparison.OrdinalIgnoreCase) ? $"{root}/{path}" : $"{root}/v1/{path}");
    }
}
