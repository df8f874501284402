using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Providers.Failures;
using Infermux.Providers.OpenAi;

namespace Infermux.Providers.Pivot;

/// <summary>A caller's dialect and a provider's, joined over chat.</summary>
internal sealed class TranslatedDialect(ICallerDialect caller, IDialect target) : IDialect
{
    // The caller's body was within limits.max_json_depth; what chat wraps around it is a few levels more.
    private const int MaxDepth = 1024;

    /// <inheritdoc/>
    public bool IsPassthrough => false;

    /// <inheritdoc/>
    public bool Serves(Operation operation) => target.Serves(Operation.ChatCompletions);

    /// <inheritdoc/>
    public AbortBilling AbortBilling(ProviderOptions provider) => target.AbortBilling(provider);

    /// <inheritdoc/>
    public HttpRequestMessage CreateRequest(InferenceRequest request, AttemptTarget attempt) => target.CreateRequest(Chat(request, attempt).Chat, attempt);

    /// <inheritdoc/>
    public IReadOnlyList<string> DroppedFields(InferenceRequest request, AttemptTarget attempt)
    {
        var form = Chat(request, attempt);
        var further = target.DroppedFields(form.Chat, attempt);
        return form.Dropped.Count == 0 ? further : [.. form.Dropped.Union(further, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    /// <remarks>Its body is in another dialect than the caller's, so none is relayed.</remarks>
    public ProviderFailure ReadFailure(int status, HttpResponseHeaders headers, ReadOnlySpan<byte> body) =>
        target.ReadFailure(status, headers, body) with { RelayBody = default };

    /// <inheritdoc/>
    public WholeAnswer ReadWhole(InferenceRequest request, AttemptTarget attempt, ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        var chat = new ArrayBufferWriter<byte>(body.Length + 256);
        var answer = target.ReadWhole(Chat(request, attempt).Chat, attempt, body, chat);
        return answer.Failure is null ? Said(request, attempt, answer, chat.WrittenSpan, output) : answer;
    }

    // A server of OpenAI's own dialect is copied from, not read: strings that are no Unicode are met only here.
    private WholeAnswer Said(InferenceRequest request, AttemptTarget attempt, WholeAnswer answer, ReadOnlySpan<byte> chat, IBufferWriter<byte> output)
    {
        try
        {
            caller.WriteAnswer(request, attempt, chat, output);
            return answer;
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException)
        {
            return new WholeAnswer { Failure = FailureReader.NotAnAnswer("the answer holds text that is not Unicode", answer.Usage) };
        }
    }

    /// <inheritdoc/>
    public StreamTranslator CreateStream(InferenceRequest request, AttemptTarget attempt) =>
        new TranslatedStream(target.CreateStream(Chat(request, attempt).Chat, attempt), caller.CreateStream(request, attempt));

    /// <inheritdoc/>
    public HttpRequestMessage? CreateHealthCheck(ProviderOptions provider) => target.CreateHealthCheck(provider);

    private ChatForm Chat(InferenceRequest request, AttemptTarget attempt)
    {
        if (request.Chat is { } known && ReferenceEquals(known.Target, attempt))
        {
            return known;
        }

        var body = new ArrayBufferWriter<byte>(request.Body.Length + 256);
        var dropped = new List<string>();
        caller.WriteChat(request, attempt, target.ReadsExtensions(request, attempt), body, dropped);
        var facts = RequestScanner.Scan(Operation.ChatCompletions, body.WrittenSpan, MaxDepth);
        return request.Chat = new ChatForm(attempt, new InferenceRequest(Operation.ChatCompletions, body.WrittenMemory, facts), dropped);
    }
}
