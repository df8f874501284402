using System.Buffers;
using System.Net.Http.Headers;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Providers.Pivot;
using Infermux.Providers.Transport;

namespace Infermux.Providers.Anthropic;

/// <summary>Anthropic Messages for callers that speak another dialect.</summary>
/// <param name="time">The clock for <c>created</c> and for waits that are told as a moment.</param>
internal sealed class AnthropicDialect(TimeProvider time) : IDialect
{
    /// <inheritdoc/>
    public bool IsPassthrough => false;

    /// <inheritdoc/>
    public bool Serves(Operation operation) => operation == Operation.ChatCompletions;

    /// <inheritdoc/>
    public AbortBilling AbortBilling(ProviderOptions provider) => Providers.AbortBilling.StopsOnAbort;

    /// <inheritdoc/>
    public HttpRequestMessage CreateRequest(InferenceRequest request, AttemptTarget target)
    {
        using var document = request.Parse();
        var plan = RequestPlan.For(document.RootElement, request.Facts, target);
        request.Sent = plan.Note(target);
        var body = RequestWriter.Write(plan, target.Model, request.Facts.Stream);
        return AnthropicEndpoint.Post(target.Provider, target.Credential, target.RequestId, "messages", new RequestBodyContent(body));
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> DroppedFields(InferenceRequest request, AttemptTarget target) => NoteOf(request, target).Dropped;

    /// <inheritdoc/>
    public ProviderFailure ReadFailure(int status, HttpResponseHeaders headers, ReadOnlySpan<byte> body) =>
        AnthropicFailures.Read(status, headers, body, time.GetUtcNow());

    /// <inheritdoc/>
    public WholeAnswer ReadWhole(InferenceRequest request, AttemptTarget target, ReadOnlySpan<byte> body, IBufferWriter<byte> output) =>
        new AnswerReader(request.Facts.Model, target, NoteOf(request, target).AnswerTool, time.GetUtcNow()).Read(body, output);

    /// <inheritdoc/>
    public StreamTranslator CreateStream(InferenceRequest request, AttemptTarget target)
    {
        var now = time.GetUtcNow();
        var chunks = new ChunkWriter(request.Facts.Model, request.Facts.IncludeUsage, now);
        return new AnthropicStreamTranslator(chunks, target, NoteOf(request, target).AnswerTool, now);
    }

    /// <inheritdoc/>
    public HttpRequestMessage? CreateHealthCheck(ProviderOptions provider) => AnthropicEndpoint.HealthCheck(provider);

    private static SentNote NoteOf(InferenceRequest request, AttemptTarget target)
    {
        if (request.NoteFor(target) is { } known)
        {
            return known;
        }

        using var document = request.Parse();
        return request.Sent = RequestPlan.For(document.RootElement, request.Facts, target).Note(target);
    }
}
