using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Providers.Failures;
using Infermux.Providers.Json;
using Infermux.Providers.OpenAi;
using Infermux.Providers.Transport;

namespace Infermux.Providers.Responses;

/// <summary>
/// OpenAI Responses in and out. Bytes travel as they are but for the model name, <c>store: false</c> (whoever answers the next turn may be another provider),
/// the output cap that money is held for, and the maker's mark on opaque values.
/// </summary>
/// <param name="endpoint">Addresses and credentials of one kind of provider.</param>
/// <param name="chat">The same provider's chat, which is what health checks ask.</param>
/// <param name="time">Only for a <c>Retry-After</c> date in an answer that has no date of its own.</param>
internal sealed class ResponsesDialect(OpenAiEndpoint endpoint, IDialect chat, TimeProvider time) : IDialect
{
    private static readonly ReadOnlyMemory<byte> False = "false"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> DoNotStore = "\"store\":false,"u8.ToArray();

    /// <inheritdoc/>
    public bool IsPassthrough => true;

    /// <inheritdoc/>
    public bool Serves(Operation operation) => operation == Operation.Responses;

    /// <inheritdoc/>
    public AbortBilling AbortBilling(ProviderOptions provider) => VendorBilling.Of(provider);

    /// <inheritdoc/>
    public HttpRequestMessage CreateRequest(InferenceRequest request, AttemptTarget target) =>
        endpoint.Post(request, target, Operation.Responses, new RequestBodyContent(request.Body, Edits(request, target)));

    /// <inheritdoc/>
    public IReadOnlyList<string> DroppedFields(InferenceRequest request, AttemptTarget target)
    {
        var fields = ResponsesFields.Find(request.Body.Span);
        var removed = false;
        if (OpaqueItems.MayBeIn(Of(request, fields.Input).Span))
        {
            OpaqueItems.For(Of(request, fields.Input), target, out removed);
        }

        return (fields.StoreWanted, removed) switch
        {
            (true, true) => ["reasoning_details", "store"],
            (true, false) => ["store"],
            (false, true) => ["reasoning_details"],
            _ => [],
        };
    }

    /// <inheritdoc/>
    public ProviderFailure ReadFailure(int status, HttpResponseHeaders headers, ReadOnlySpan<byte> body) =>
        FailureReader.Read(status, headers, body, time.GetUtcNow());

    /// <inheritdoc/>
    public WholeAnswer ReadWhole(InferenceRequest request, AttemptTarget target, ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        try
        {
            var edits = new JsonEdits();
            var scan = new ResponseScan(body, target, Of(request, request.Facts.ModelValue), edits);
            scan.RunWhole();
            if (FailureIn(scan, body) is { } failure)
            {
                return new WholeAnswer { Failure = failure };
            }

            edits.Write(body, output);
            return new WholeAnswer { Usage = scan.Usage, ServiceTier = scan.ServiceTier, OutputCharacters = scan.Characters };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // text that is not JSON, or a string that is not Unicode
        {
            return new WholeAnswer
            {
                Failure = FailureReader.NotAnAnswer("answered 200 with something that is not JSON: " + SecretMask.Apply(ErrorBody.Read(body).Message)),
            };
        }
    }

    /// <inheritdoc/>
    public StreamTranslator CreateStream(InferenceRequest request, AttemptTarget target) =>
        new ResponsesStream(Of(request, request.Facts.ModelValue), target, time);

    /// <inheritdoc/>
    public HttpRequestMessage? CreateHealthCheck(ProviderOptions provider) => chat.CreateHealthCheck(provider);

    private ProviderFailure? FailureIn(in ResponseScan scan, ReadOnlySpan<byte> body)
    {
        if (scan.HasError || scan.Status is "failed")
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            return ResponsesFailures.Read(document.RootElement, time.GetUtcNow(), scan.Usage);
        }

        return scan is { HasOutput: true, Status: null or "completed" or "incomplete" }
            ? null
            : FailureReader.NotAnAnswer($"answered 200 with JSON that is no finished response (status '{scan.Status}')", scan.Usage);
    }

    private JsonEdits? Edits(InferenceRequest request, AttemptTarget target)
    {
        var edits = new JsonEdits();
        var fields = ResponsesFields.Find(request.Body.Span);
        var model = endpoint.ResponsesModel(target.Provider, target.Model);
        if (!string.Equals(model, request.Facts.Model, StringComparison.Ordinal))
        {
            edits.Replace(request.Facts.ModelValue, JsonLiteral.Of(model));
        }

        if (!fields.Store.Exists)
        {
            edits.Add(request.Facts.InsertAt, 0, DoNotStore);
        }
        else if (!Of(request, fields.Store).Span.SequenceEqual(False.Span))
        {
            edits.Replace(fields.Store, False);
        }

        SetCap(edits, request.Facts, target.OutputCap);
        var input = Of(request, fields.Input);
        if (OpaqueItems.MayBeIn(input.Span))
        {
            edits.Replace(fields.Input, OpaqueItems.For(input, target, out _));
        }

        return edits.IsEmpty ? null : edits;
    }

    private static void SetCap(JsonEdits edits, RequestFacts facts, long? held)
    {
        if (held is not { } cap || facts.MaxTokens <= cap)
        {
            return;
        }

        var number = cap.ToString(CultureInfo.InvariantCulture);
        if (facts.MaxTokensValue.Exists)
        {
            edits.Replace(facts.MaxTokensValue, JsonLiteral.Utf8(number));
        }
        else
        {
            edits.Add(facts.InsertAt, 0, JsonLiteral.Utf8($"\"max_output_tokens\":{number},"));
        }
    }

    private static ReadOnlyMemory<byte> Of(InferenceRequest request, ByteRange range) => request.Body.Slice(range.Start, range.Length);
}
