using System.Buffers;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Failures;
using Infermux.Providers.Sse;

namespace Infermux.Providers.Pivot;

/// <summary>One streamed answer through the pivot: a provider's dialect read into chat chunks, each said in the caller's.</summary>
internal sealed class TranslatedStream(StreamTranslator provider, CallerStream caller) : StreamTranslator
{
    private readonly ArrayBufferWriter<byte> _chat = new(1024);
    private readonly SseReader _chunks = new(int.MaxValue); // whole events of our own writing; their size is the provider's reader's matter

    /// <inheritdoc/>
    public override StreamProgress Push(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output) =>
        Failure is null ? Pass(provider.Push(bytes, _chat), output) : StreamProgress.None;

    /// <inheritdoc/>
    public override StreamProgress EndOfBody(IBufferWriter<byte> output) => Failure is null ? Pass(provider.EndOfBody(_chat), output) : StreamProgress.None;

    /// <inheritdoc/>
    public override void Complete(TokenUsage usage, ReadOnlySpan<byte> infermuxJson, IBufferWriter<byte> output)
    {
        provider.Complete(usage, infermuxJson, _chat);
        Say(output);
        _chunks.Release();
        caller.End(usage, infermuxJson, output);
    }

    /// <inheritdoc/>
    public override bool WriteError(string code, string message, string? param, IBufferWriter<byte> output) => caller.WriteError(code, message, param, output);

    private StreamProgress Pass(StreamProgress progress, IBufferWriter<byte> output)
    {
        if (Failure is not null)
        {
            return StreamProgress.None;
        }

        var unsayable = TrySay(output);
        Failure = unsayable ?? provider.Failure;
        Usage = provider.Usage;
        ServiceTier = provider.ServiceTier;
        Ended = provider.Ended && Failure is null; // what could not be said is no answer, though the end came in the same bytes
        OutputCharacters = provider.OutputCharacters;
        OutputPieces = provider.OutputPieces;
        return unsayable is null ? progress : (progress & ~StreamProgress.Ended) | StreamProgress.Failed;
    }

    // A server of OpenAI's own dialect is copied from, not read: strings that are no Unicode are met only here.
    private ProviderFailure? TrySay(IBufferWriter<byte> output)
    {
        try
        {
            Say(output);
            return null;
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException)
        {
            return FailureReader.NotAnAnswer("an event of the stream holds text that is not Unicode", provider.Usage);
        }
    }

    private void Say(IBufferWriter<byte> output)
    {
        var chat = _chat.WrittenSpan;
        while (_chunks.TryRead(ref chat, out var chunk))
        {
            if (!chunk.Data.SequenceEqual("[DONE]"u8))
            {
                caller.Chunk(chunk.Data, output);
            }
        }

        _chat.ResetWrittenCount();
    }
}
