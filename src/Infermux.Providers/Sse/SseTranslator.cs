using System.Buffers;
using Infermux.Core.Failures;
using Infermux.Providers.Failures;

namespace Infermux.Providers.Sse;

/// <summary>Reads an answer that comes as server-sent events and has a terminal mark, event by event, until it has ended or failed.</summary>
internal abstract class SseTranslator : StreamTranslator
{
    private readonly SseReader _reader = new();

    /// <summary>What came instead of events, where something did.</summary>
    protected ReadOnlySpan<byte> Stray => _reader.Stray;

    private bool IsOver => Ended || Failure is not null;

    /// <inheritdoc/>
    public sealed override StreamProgress Push(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        var progress = StreamProgress.None;
        var comments = _reader.Comments;
        while (!IsOver && _reader.TryRead(ref bytes, out var next))
        {
            progress |= Read(next, output);
        }

        if (!IsOver && _reader.TooLarge)
        {
            progress |= Fail(FailureReader.NotAnAnswer("an event of the stream was larger than 16 MiB", Usage));
        }

        return progress | (_reader.Comments > comments ? StreamProgress.Alive : StreamProgress.None);
    }

    /// <inheritdoc/>
    public sealed override StreamProgress EndOfBody(IBufferWriter<byte> output)
    {
        var progress = !IsOver && _reader.TryFinish(out var last) ? Read(last, output) : StreamProgress.None;
        if (!IsOver)
        {
            progress |= Unfinished() is { } failure ? Fail(failure) : End();
        }

        _reader.Release();
        return progress;
    }

    /// <summary>Takes one event. Never throws on what a provider sends.</summary>
    protected abstract StreamProgress Read(in SseEvent next, IBufferWriter<byte> output);

    /// <summary>What is wrong with a body that ended without the terminal mark; null: nothing, it is whole.</summary>
    protected abstract ProviderFailure? Unfinished();

    /// <summary>The terminal mark was read: nothing more is.</summary>
    protected StreamProgress End()
    {
        Ended = true;
        _reader.Release();
        return StreamProgress.Ended;
    }

    /// <summary>The answer is none: nothing more is read.</summary>
    protected StreamProgress Fail(ProviderFailure failure)
    {
        Failure = failure;
        _reader.Release();
        return StreamProgress.Failed;
    }
}
