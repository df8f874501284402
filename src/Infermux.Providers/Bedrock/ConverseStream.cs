using System.Buffers;
using System.Text;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.EventStream;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Bedrock;

/// <summary>
/// Reads a streamed answer frame by frame and writes chat completion chunks. <c>messageStop</c> is not the end: the usage comes after it, in <c>metadata</c>,
/// and a stream without that was cut. Tool calls are numbered by their own count, because Converse's block index also counts text and reasoning.
/// </summary>
internal sealed class ConverseStream(ChunkWriter chunks, AttemptTarget target, string? answerTool, DateTimeOffset now) : StreamTranslator
{
    /// <summary>Blocks under way at once; more are no answer.</summary>
    private const int MaxBlocks = 1_000;

    private readonly FrameReader _reader = new();
    private readonly SortedDictionary<long, ReasoningBlock> _reasoning = [];
    private readonly Dictionary<long, CallBlock> _calls = [];
    private bool _begun;
    private bool _stopped;
    private bool _over;
    private int _callsSeen;
    private int _details;

    /// <inheritdoc/>
    public override StreamProgress Push(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        var progress = StreamProgress.None;
        while (!_over && _reader.TryRead(ref bytes, out var frame))
        {
            progress |= Take(frame, output);
        }

        return !_over && IsHopeless ? progress | Fail(BrokenFrame()) : progress;
    }

    // A body that is a page of words from its start is read on for what it says.
    private bool IsHopeless => _reader.Fault != FrameFault.None && (_reader.Stray.IsEmpty || _reader.Stray.Length >= FrameReader.MaxStrayBytes);

    /// <inheritdoc/>
    public override StreamProgress EndOfBody(IBufferWriter<byte> output)
    {
        var progress = _over ? StreamProgress.None : Fail(Unfinished());
        _reader.Release();
        return progress;
    }

    /// <inheritdoc/>
    public override void Complete(TokenUsage usage, ReadOnlySpan<byte> infermuxJson, IBufferWriter<byte> output) =>
        chunks.End(output, usage, infermuxJson);

    private StreamProgress Take(Frame frame, IBufferWriter<byte> output)
    {
        if (frame.MessageType.SequenceEqual("exception"u8))
        {
            return Fail(BedrockFailures.ReadInStream(Encoding.UTF8.GetString(frame.ExceptionType), frame.Payload, now, Usage));
        }

        if (frame.MessageType.SequenceEqual("error"u8))
        {
            return Fail(BedrockFailures.ReadInStream(Encoding.UTF8.GetString(frame.Header(":error-code"u8)), frame.Header(":error-message"u8), now, Usage));
        }

        try
        {
            var reader = new Utf8JsonReader(frame.Payload, JsonReading.DeepReader);
            using var document = JsonDocument.ParseValue(ref reader);
            return Take(frame.EventType, document.RootElement, output);
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException)
        {
            return Fail(BedrockFailures.NotAnAnswer("An event of the stream is not JSON.", Usage));
        }
    }

    private StreamProgress Take(ReadOnlySpan<byte> type, JsonElement payload, IBufferWriter<byte> output) =>
        type.SequenceEqual("contentBlockDelta"u8) ? TakeDelta(payload, output)
        : type.SequenceEqual("messageStart"u8) ? Begin(output)
        : type.SequenceEqual("contentBlockStart"u8) ? StartBlock(payload, output)
        : type.SequenceEqual("contentBlockStop"u8) ? StopBlock(payload, output)
        : type.SequenceEqual("messageStop"u8) ? StopMessage(payload, output)
        : type.SequenceEqual("metadata"u8) ? End(payload)
        : StreamProgress.Alive; // of a later time

    private StreamProgress Begin(IBufferWriter<byte> output)
    {
        if (!_begun)
        {
            _begun = true;
            chunks.Id = ChatId.Of(target);
            chunks.Role(output);
        }

        return StreamProgress.Alive;
    }

    private StreamProgress StartBlock(JsonElement payload, IBufferWriter<byte> output)
    {
        if (payload.Find("start")?.Find("toolUse") is not { } use)
        {
            return StreamProgress.Alive;
        }

        Begin(output);
        var name = use.Text("name") ?? "";
        var isAnswer = answerTool is not null && string.Equals(name, answerTool, StringComparison.Ordinal);
        var call = _calls[IndexOf(payload)] = new CallBlock(isAnswer ? -1 : _callsSeen++);
        return _calls.Count > MaxBlocks ? Fail(BedrockFailures.NotAnAnswer("The stream has too many blocks at once.", Usage))
            : isAnswer ? StreamProgress.Alive
            : Said(chunks.ToolStart(output, call.Call, use.Text("toolUseId") ?? "", name));
    }

    private StreamProgress TakeDelta(JsonElement payload, IBufferWriter<byte> output)
    {
        if (payload.Find("delta") is not { } delta)
        {
            return StreamProgress.Alive;
        }

        Begin(output);
        return delta.Find("text") is not null ? Text(output, "content", RawText.Of(delta, "text"))
            : delta.Find("toolUse") is { } use ? Arguments(payload, output, RawText.Of(use, "input"))
            : delta.Find("reasoningContent") is { } content ? Reasoning(payload, output, content)
            : StreamProgress.Alive; // citations
    }

    private StreamProgress Reasoning(JsonElement payload, IBufferWriter<byte> output, JsonElement content)
    {
        var index = IndexOf(payload);
        if (!_reasoning.TryGetValue(index, out var block))
        {
            _reasoning[index] = block = new ReasoningBlock();
        }

        return _reasoning.Count > MaxBlocks ? Fail(BedrockFailures.NotAnAnswer("The stream has too many blocks at once.", Usage))
            : Text(output, "reasoning_content", block.Take(content));
    }

    private StreamProgress Text(IBufferWriter<byte> output, string member, ReadOnlySpan<byte> raw)
    {
        if (raw.IsEmpty)
        {
            return StreamProgress.Alive;
        }

        OutputCharacters += RawText.Length(raw);
        OutputPieces++;
        return Said(chunks.Text(output, member, raw));
    }

    private StreamProgress Arguments(JsonElement payload, IBufferWriter<byte> output, ReadOnlySpan<byte> raw)
    {
        if (raw.IsEmpty || !_calls.TryGetValue(IndexOf(payload), out var call))
        {
            return StreamProgress.Alive;
        }

        call.HasPieces = true;
        OutputCharacters += RawText.Length(raw);
        OutputPieces++;
        return Said(call.Call < 0 ? chunks.Text(output, "content", raw) : chunks.ToolArguments(output, call.Call, raw));
    }

    private StreamProgress StopBlock(JsonElement payload, IBufferWriter<byte> output)
    {
        var index = IndexOf(payload);
        if (_reasoning.Remove(index, out var reasoning))
        {
            return HandBack(reasoning, output);
        }

        return _calls.Remove(index, out var call) ? Close(call, output) : StreamProgress.Alive;
    }

    // What the maker wants back comes whole, once.
    private StreamProgress HandBack(ReasoningBlock block, IBufferWriter<byte> output)
    {
        if (!block.IsSigned)
        {
            return StreamProgress.Alive;
        }

        var index = _details++;
        chunks.ReasoningDetail(output, writer => block.Write(writer, target, index));
        return StreamProgress.Progress;
    }

    private StreamProgress Close(CallBlock call, IBufferWriter<byte> output)
    {
        if (call.HasPieces)
        {
            return StreamProgress.Alive;
        }

        OutputCharacters += 2;
        return Said(call.Call < 0 ? chunks.Text(output, "content", "{}"u8) : chunks.ToolArguments(output, call.Call, "{}"u8));
    }

    private StreamProgress StopMessage(JsonElement payload, IBufferWriter<byte> output)
    {
        var reason = payload.Text("stopReason");
        if (StopReasons.IsFault(reason))
        {
            return Fail(BedrockFailures.NotAnAnswer($"The model wrote what Bedrock cannot read ({reason}).", Usage));
        }

        if (_stopped)
        {
            return StreamProgress.Alive;
        }

        Begin(output);
        var progress = StreamProgress.Progress;
        foreach (var block in _reasoning.Values)
        {
            progress |= HandBack(block, output);
        }

        foreach (var call in _calls.Values.OrderBy(static call => call.Call))
        {
            progress |= Close(call, output);
        }

        _stopped = true;
        chunks.Finish(output, StopReasons.ToOpenAi(reason, _callsSeen > 0));
        return progress & ~StreamProgress.Alive;
    }

    private StreamProgress End(JsonElement payload)
    {
        Usage = ConverseUsage.Read(payload.Find("usage")) ?? Usage;
        if (!_stopped)
        {
            return StreamProgress.Progress;
        }

        (Ended, _over) = (true, true);
        return StreamProgress.Progress | StreamProgress.Ended;
    }

    private static long IndexOf(JsonElement payload) => payload.Count("contentBlockIndex") ?? -1;

    private static StreamProgress Said(bool written) => written ? StreamProgress.Progress | StreamProgress.Content : StreamProgress.Alive;

    private StreamProgress Fail(ProviderFailure failure)
    {
        (Failure, _over) = (failure, true);
        return StreamProgress.Failed;
    }

    private ProviderFailure BrokenFrame() => _reader.Fault switch
    {
        FrameFault.Prelude when !_reader.Stray.IsEmpty => NoStream(),
        FrameFault.Prelude => Broken("The stream goes on with what is no frame."),
        FrameFault.TooLarge => BedrockFailures.NotAnAnswer("A frame of the stream is larger than 16 MiB.", Usage),
        FrameFault.Checksum => Broken("A frame of the stream was damaged on the way: its checksum is wrong."),
        _ => BedrockFailures.NotAnAnswer("A frame of the stream cannot be read.", Usage),
    };

    private ProviderFailure Unfinished()
    {
        if (_reader.Fault == FrameFault.Prelude)
        {
            return NoStream();
        }

        return Broken(_reader.IsInsideFrame ? "The stream ended inside a frame."
            : !_begun ? "The stream ended before its message began."
            : _stopped ? "The stream ended without its metadata." : "The stream ended without its terminal mark (messageStop).");
    }

    private ProviderFailure Broken(string where) => new(FailureClass.BrokenStream, 200, where) { Usage = Usage };

    private ProviderFailure NoStream() => _reader.Stray.TrimStart((byte)' ') is [(byte)'{', ..]
        ? BedrockFailures.ReadInStream("", _reader.Stray, now, null)
        : BedrockFailures.NotAnAnswer($"The answer is no event stream: {Failures.ErrorBody.Read(_reader.Stray).Message}");
}
