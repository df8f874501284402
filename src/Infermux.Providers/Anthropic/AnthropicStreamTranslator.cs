using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Pivot;
using Infermux.Providers.Sse;

namespace Infermux.Providers.Anthropic;

/// <summary>
/// Reads a streamed message event by event and writes chat completion chunks. Text travels as its raw JSON bytes; tool calls are numbered by their own
/// count, because Anthropic's block index also counts text and thinking.
/// </summary>
internal sealed class AnthropicStreamTranslator(ChunkWriter chunks, ModelTraits traits, string? answerTool, DateTimeOffset now) : StreamTranslator
{
    private readonly SseReader _reader = new();
    private readonly Dictionary<long, ToolBlock> _tools = [];
    private UsageCounts _counts;
    private bool _begun;
    private bool _said;
    private bool _finished;
    private int _calls;
    private bool _over;

    /// <inheritdoc/>
    public override StreamProgress Push(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        var progress = StreamProgress.None;
        var comments = _reader.Comments;
        while (!_over && _reader.TryRead(ref bytes, out var next))
        {
            progress |= Take(next.Data, output);
        }

        if (!_over && _reader.TooLarge)
        {
            progress |= Fail(AnthropicFailures.NotAnAnswer("An event of the stream is larger than 16 MiB.", Usage));
        }

        return progress | (_reader.Comments > comments ? StreamProgress.Alive : StreamProgress.None);
    }

    /// <inheritdoc/>
    public override StreamProgress EndOfBody(IBufferWriter<byte> output)
    {
        var progress = StreamProgress.None;
        if (!_over && _reader.TryFinish(out var last))
        {
            progress = Take(last.Data, output);
        }

        if (!_over)
        {
            progress |= Fail(Unfinished());
        }

        _reader.Release();
        return progress;
    }

    /// <inheritdoc/>
    public override void Complete(TokenUsage usage, ReadOnlySpan<byte> infermuxJson, IBufferWriter<byte> output) =>
        chunks.End(output, usage, infermuxJson);

    private StreamProgress Take(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        try
        {
            var reader = new Utf8JsonReader(data);
            using var document = JsonDocument.ParseValue(ref reader);
            return Take(document.RootElement, data, output);
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException)
        {
            return Fail(AnthropicFailures.NotAnAnswer("An event of the stream is not JSON.", Usage));
        }
    }

    private StreamProgress Take(JsonElement root, ReadOnlySpan<byte> data, IBufferWriter<byte> output) => root.Text("type") switch
    {
        "message_start" => Begin(root, output),
        "content_block_start" => StartBlock(root, output),
        "content_block_delta" => TakeDelta(root, output),
        "content_block_stop" => StopBlock(root, output),
        "message_delta" => TakeEnding(root, output),
        "message_stop" => Stop(output),
        "error" => Fail(AnthropicFailures.ReadInAnswer(data, now, Usage)),
        null when root.Find("error") is not null => Fail(AnthropicFailures.ReadInAnswer(data, now, Usage)),
        _ => StreamProgress.Alive, // ping, or an event of a later time
    };

    // A second message_start was reported of other servers: its counts are newer, its answer is the same one.
    private StreamProgress Begin(JsonElement root, IBufferWriter<byte> output)
    {
        var message = root.Find("message") ?? default;
        TakeUsage(message.Find("usage"));
        if (!_begun)
        {
            _begun = true;
            chunks.Id = message.Text("id") ?? "";
            chunks.Role(output);
        }

        return StreamProgress.Alive;
    }

    private StreamProgress StartBlock(JsonElement root, IBufferWriter<byte> output)
    {
        if (root.Find("content_block") is not { } block)
        {
            return StreamProgress.Alive;
        }

        switch (block.Text("type"))
        {
            case "tool_use":
                var name = block.Text("name") ?? "";
                var isAnswer = answerTool is not null && string.Equals(name, answerTool, StringComparison.Ordinal);
                var input = block.Find("input") is { ValueKind: JsonValueKind.Object } given ? JsonMarshal.GetRawUtf8Value(given).ToArray() : [];
                var tool = new ToolBlock(isAnswer ? -1 : _calls++, input);
                _tools[root.Count("index") ?? -1] = tool;
                return isAnswer ? StreamProgress.Alive : Said(chunks.ToolStart(output, tool.Call, ToolIds.FromAnthropic(block.Text("id") ?? ""), name));
            case "text":
                return Text(output, "content", RawText.Of(block, "text"));
            case "thinking":
                return Text(output, "reasoning_content", RawText.Of(block, "thinking"));
            default:
                return StreamProgress.Alive;
        }
    }

    private StreamProgress TakeDelta(JsonElement root, IBufferWriter<byte> output)
    {
        var delta = root.Find("delta") ?? default;
        return delta.Text("type") switch
        {
            "text_delta" => Text(output, "content", RawText.Of(delta, "text")),
            "thinking_delta" => Text(output, "reasoning_content", RawText.Of(delta, "thinking")),
            "input_json_delta" => Arguments(root, output, RawText.Of(delta, "partial_json")),
            _ => StreamProgress.Alive, // signatures, citations
        };
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

    private StreamProgress Arguments(JsonElement root, IBufferWriter<byte> output, ReadOnlySpan<byte> raw)
    {
        if (raw.IsEmpty || !_tools.TryGetValue(root.Count("index") ?? -1, out var tool))
        {
            return StreamProgress.Alive;
        }

        tool.HasPieces = true;
        OutputCharacters += RawText.Length(raw);
        OutputPieces++;
        return Said(tool.Call < 0 ? chunks.Text(output, "content", raw) : chunks.ToolArguments(output, tool.Call, raw));
    }

    // A tool without pieces takes nothing, or had its whole input in the block's start (other servers).
    private StreamProgress StopBlock(JsonElement root, IBufferWriter<byte> output)
    {
        if (!_tools.Remove(root.Count("index") ?? -1, out var tool) || tool.HasPieces)
        {
            return StreamProgress.Alive;
        }

        var input = JsonEncodedText.Encode(tool.Input.Length > 0 ? tool.Input : "{}"u8);
        OutputCharacters += input.Value.Length;
        return Said(tool.Call < 0 ? chunks.Text(output, "content", input.EncodedUtf8Bytes) : chunks.ToolArguments(output, tool.Call, input.EncodedUtf8Bytes));
    }

    private StreamProgress TakeEnding(JsonElement root, IBufferWriter<byte> output)
    {
        var delta = root.Find("delta") ?? default;
        TakeUsage(root.Find("usage"));
        var progress = StreamProgress.Progress;
        if (delta.Text("stop_reason") is { } reason && !_finished)
        {
            if (reason is "refusal")
            {
                if (!_said && !traits.BillsEmptyRefusal && Usage is not null)
                {
                    Usage = new TokenUsage(0);
                }

                progress |= Said(chunks.Refusal(output, Refusals.Explanation(delta.Find("stop_details"))));
            }

            Finish(output, reason);
        }

        return progress;
    }

    private StreamProgress Stop(IBufferWriter<byte> output)
    {
        if (!_begun)
        {
            return Fail(AnthropicFailures.NotAnAnswer("The stream ended before its message began."));
        }

        if (!_finished)
        {
            Finish(output, null);
        }

        (Ended, _over) = (true, true);
        return StreamProgress.Ended;
    }

    private void Finish(IBufferWriter<byte> output, string? reason)
    {
        _finished = true;
        chunks.Finish(output, StopReasons.ToOpenAi(reason, _calls > 0));
    }

    private void TakeUsage(JsonElement? usage)
    {
        _counts.Take(usage);
        Usage = _counts.Usage ?? Usage;
        ServiceTier = ServiceTiers.ToOpenAi(usage?.Text("service_tier")) ?? ServiceTier;
    }

    private StreamProgress Said(bool written)
    {
        _said |= written;
        return StreamProgress.Progress | StreamProgress.Content;
    }

    private StreamProgress Fail(ProviderFailure failure)
    {
        (Failure, _over) = (failure, true);
        return StreamProgress.Failed;
    }

    private ProviderFailure Unfinished()
    {
        if (_begun)
        {
            return new ProviderFailure(FailureClass.BrokenStream, 200, "The stream ended without its terminal mark (message_stop).") { Usage = Usage };
        }

        return _reader.Stray.IsEmpty
            ? new ProviderFailure(FailureClass.BrokenStream, 200, "The stream ended before its message began.")
            : _reader.Stray.TrimStart((byte)' ')[0] == (byte)'{' ? AnthropicFailures.ReadInAnswer(_reader.Stray, now, null)
            : AnthropicFailures.NotAnAnswer($"The answer is no event stream: {Failures.ErrorBody.Read(_reader.Stray).Message}");
    }
}
