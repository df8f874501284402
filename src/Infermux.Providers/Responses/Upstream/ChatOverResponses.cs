using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Providers.Failures;
using Infermux.Providers.OpenAi;
using Infermux.Providers.Pivot;
using Infermux.Providers.Transport;
using ChunkWriter = Infermux.Providers.Pivot.ChunkWriter;

namespace Infermux.Providers.Responses.Upstream;

/// <summary>OpenAI Responses for callers of chat: for the models that refuse on chat completions what the request asks for.</summary>
/// <param name="endpoint">Addresses and credentials of one kind of provider.</param>
/// <param name="chat">The same provider's chat, which is what health checks ask.</param>
/// <param name="time">The clock for waits that are told as a moment.</param>
internal sealed class ChatOverResponses(OpenAiEndpoint endpoint, IDialect chat, TimeProvider time) : IDialect
{
    /// <inheritdoc/>
    public bool IsPassthrough => false;

    /// <inheritdoc/>
    public bool Serves(Operation operation) => operation == Operation.ChatCompletions;

    /// <summary>Whether this chat request must go by Responses. Not waited for until the provider says so: its 400 would be the caller's to read.</summary>
    public static bool Takes(InferenceRequest request, AttemptTarget target)
    {
        if (request.Operation != Operation.ChatCompletions || ChatToolTable.Of(target.Model) is ChatTools.Taken || !ResponsesSupport.Speaks(target.Provider))
        {
            return false;
        }

        if (request.Upstream is not { } known || !ReferenceEquals(known.Target, target))
        {
            request.Upstream = known = new UpstreamForm(target, Needs(request, ChatToolTable.Of(target.Model)));
        }

        return known.ByResponses;
    }

    /// <summary>Whether any chat request with tools goes by Responses for this model, so that the extensions of the pivot are read.</summary>
    public static bool TakesAnyTools(AttemptTarget target) => ChatToolTable.Of(target.Model) is ChatTools.Refused && ResponsesSupport.Speaks(target.Provider);

    /// <inheritdoc/>
    public AbortBilling AbortBilling(ProviderOptions provider) => VendorBilling.Of(provider);

    /// <inheritdoc/>
    public HttpRequestMessage CreateRequest(InferenceRequest request, AttemptTarget target)
    {
        using var document = request.Parse();
        var plan = ResponsesPlan.For(document.RootElement, request.Facts, target);
        request.Sent = plan.Note();
        var body = ResponsesWriter.Write(plan, endpoint.ResponsesModel(target.Provider, target.Model), request.Facts.Stream);
        return endpoint.Post(request, target, Operation.Responses, new RequestBodyContent(body));
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> DroppedFields(InferenceRequest request, AttemptTarget target) => NoteOf(request, target).Dropped;

    /// <inheritdoc/>
    public ProviderFailure ReadFailure(int status, HttpResponseHeaders headers, ReadOnlySpan<byte> body) =>
        FailureReader.Read(status, headers, body, time.GetUtcNow());

    /// <inheritdoc/>
    public WholeAnswer ReadWhole(InferenceRequest request, AttemptTarget target, ReadOnlySpan<byte> body, IBufferWriter<byte> output) =>
        new ResponseToChat(request.Facts.Model, target, time.GetUtcNow()).Read(body, output);

    /// <inheritdoc/>
    public StreamTranslator CreateStream(InferenceRequest request, AttemptTarget target)
    {
        var now = time.GetUtcNow();
        return new ResponseToChatStream(new ChunkWriter(request.Facts.Model, request.Facts.IncludeUsage, now), target, now);
    }

    /// <inheritdoc/>
    public HttpRequestMessage? CreateHealthCheck(ProviderOptions provider) => chat.CreateHealthCheck(provider);

    private static bool Needs(InferenceRequest request, ChatTools row)
    {
        var effort = Effort(request.Body.Span);
        return row switch
        {
            ChatTools.WithoutEffort => request.Facts.Tools && effort is not (null or "none"),
            ChatTools.WithEffortNone => request.Facts.Tools && effort is not "none",
            ChatTools.Refused => request.Facts.Tools || effort is "max",
            _ => false,
        };
    }

    private static string? Effort(ReadOnlySpan<byte> body)
    {
        if (body.IndexOf("\"reasoning_effort\""u8) < 0)
        {
            return null;
        }

        var reader = new Utf8JsonReader(body, JsonReading.DeepReader);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isEffort = reader.ValueTextEquals("reasoning_effort"u8);
            reader.Read();
            if (isEffort)
            {
                return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }

            reader.Skip();
        }

        return null;
    }

    private static SentNote NoteOf(InferenceRequest request, AttemptTarget target)
    {
        if (request.NoteFor(target) is { } known)
        {
            return known;
        }

        using var document = request.Parse();
        return request.Sent = ResponsesPlan.For(document.RootElement, request.Facts, target).Note();
    }
}
