using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Failures;
using Infermux.Providers.Json;
using Infermux.Providers.Pivot;
using Infermux.Providers.Transport;

namespace Infermux.Providers.Anthropic;

/// <summary>Anthropic's dialect in and out: bytes travel as they are but for the few values that routing, money and opaque values must change.</summary>
/// <param name="time">For waits that are told as a moment.</param>
internal sealed class MessagesDialect(TimeProvider time) : IDialect
{
    /// <inheritdoc/>
    public bool IsPassthrough => true;

    /// <inheritdoc/>
    public bool Serves(Operation operation) => operation is Operation.Messages or Operation.CountTokens;

    /// <inheritdoc/>
    public AbortBilling AbortBilling(ProviderOptions provider) => Providers.AbortBilling.StopsOnAbort;

    /// <inheritdoc/>
    public HttpRequestMessage CreateRequest(InferenceRequest request, AttemptTarget target)
    {
        var plan = MessagesPlan.For(request, target);
        request.Sent = new SentNote(target, plan.Dropped);
        var path = request.Operation == Operation.CountTokens ? "messages/count_tokens" : "messages";
        return AnthropicEndpoint.Post(
            target.Provider, target.Credential, target.RequestId, request.Anthropic is { BetaPath: true } ? path + "?beta=true" : path,
            new RequestBodyContent(request.Body, plan.Edits), request.Anthropic?.Version ?? AnthropicEndpoint.Version, plan.Betas);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> DroppedFields(InferenceRequest request, AttemptTarget target) =>
        request.NoteFor(target)?.Dropped ?? MessagesPlan.For(request, target).Dropped;

    /// <inheritdoc/>
    public ProviderFailure ReadFailure(int status, HttpResponseHeaders headers, ReadOnlySpan<byte> body)
    {
        var failure = AnthropicFailures.Read(status, headers, body, time.GetUtcNow());
        return failure with { RelayBody = Relay(failure, body) };
    }

    /// <inheritdoc/>
    public WholeAnswer ReadWhole(InferenceRequest request, AttemptTarget target, ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        try
        {
            var reader = new Utf8JsonReader(body, JsonReading.DeepReader);
            using var document = JsonDocument.ParseValue(ref reader);
            return request.Operation == Operation.CountTokens
                ? ReadCount(document.RootElement, output)
                : new MessageReader(request, target, time.GetUtcNow()).Read(document.RootElement, output);
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException)
        {
            return new WholeAnswer { Failure = AnthropicFailures.NotAnAnswer($"The answer is no message: {ErrorBody.Read(body).Message}") };
        }
    }

    /// <inheritdoc/>
    public StreamTranslator CreateStream(InferenceRequest request, AttemptTarget target) => new MessagesStream(request, target, time.GetUtcNow());

    /// <inheritdoc/>
    public HttpRequestMessage? CreateHealthCheck(ProviderOptions provider) => AnthropicEndpoint.HealthCheck(provider);

    /// <summary>Anthropic's own words in its own shape, masked.</summary>
    private static ReadOnlyMemory<byte> Relay(ProviderFailure failure, ReadOnlySpan<byte> body)
    {
        var output = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "error");
            writer.WriteStartObject("error");
            writer.WriteString("type", failure.Code ?? "invalid_request_error");
            writer.WriteString("message", failure.Message);
            writer.WriteEndObject();
            if (RequestIdOf(body) is { } id)
            {
                writer.WriteString("request_id", id);
            }

            writer.WriteEndObject();
        }

        return output.WrittenMemory;
    }

    private static string? RequestIdOf(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, JsonReading.DeepReader);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.Text("request_id");
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException)
        {
            return null; // pages of an edge have no id
        }
    }

    private static WholeAnswer ReadCount(JsonElement root, IBufferWriter<byte> output)
    {
        if (root.Count("input_tokens") is null)
        {
            return new WholeAnswer { Failure = AnthropicFailures.NotAnAnswer("The answer is JSON, but no count of tokens.") };
        }

        output.Write(JsonText.Raw(root));
        return new WholeAnswer { Usage = new TokenUsage(0) };
    }
}
