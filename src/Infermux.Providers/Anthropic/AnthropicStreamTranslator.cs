using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Infermux.Core.Pricing;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Anthropic;

/// <summary>
/// Writes a streamed message as chat completion chunks. Text travels as its raw JSON bytes; tool calls are numbered by their own count, because Anthropic's
/// block index also counts text and thinking. A thinking block is shown as it comes and handed over once more, signed, when it ends.
/// </summary>
internal sealed class AnthropicStreamTranslator(ChunkWriter chunks, AttemptTarget target, string? answerTool, DateTimeOffset now) : AnthropicStream(now)
{
    private readonly ModelTraits _traits = ModelTraitTable.Find(target.Model);
    private readonly Dictionary<long, ToolBlock> _tools = [];
    private readonly Dictionary<long, ThinkingBlock> _thinking = [];
    private bool _said;
    private bool _finished;
    private int _calls;
    private int _details;

    /// <inheritdoc/>
    public override void Complete(TokenUsage usage, ReadOnlySpan<byte> infermuxJson, IBufferWriter<byte> output) =>
        chunks.End(output, usage, infermuxJson);

    /// <inheritdoc/>
    protected override void Begin(JsonElement root, IBufferWriter<byte> output)
    {
        chunks.Id = (root.Find("message") ?? default).Text("id") ?? "";
        chunks.Role(output);
    }

    /// <inheritdoc/>
    protected override StreamProgress TakeBlock(string type, JsonElement root, IBufferWriter<byte> output)
    {
        var index = root.Count("index") ?? -1;
        return type switch
        {
            "content_block_start" => StartBlock(index, root, output),
            "content_block_delta" => TakeDelta(index, root.Find("delta") ?? default, output),
            _ => StopBlock(index, output),
        };
    }

    /// <inheritdoc/>
    protected override StreamProgress TakeEnding(JsonElement root, IBufferWriter<byte> output)
    {
        var delta = root.Find("delta") ?? default;
        if (_finished || delta.Text("stop_reason") is not { } reason)
        {
            return StreamProgress.Progress;
        }

        var progress = StreamProgress.Progress;
        if (reason is "refusal")
        {
            if (!_said && !_traits.BillsEmptyRefusal)
            {
                BillNothing();
            }

            progress |= Said(chunks.Refusal(output, Refusals.Explanation(delta.Find("stop_details"))));
        }

        Finish(output, reason);
        return progress;
    }

    /// <inheritdoc/>
    protected override void Stop(IBufferWriter<byte> output)
    {
        if (!_finished)
        {
            Finish(output, null);
        }
    }

    private StreamProgress StartBlock(long index, JsonElement root, IBufferWriter<byte> output)
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
                _tools[index] = tool;
                return isAnswer ? StreamProgress.Alive : Said(chunks.ToolStart(output, tool.Call, ToolIds.FromAnthropic(block.Text("id") ?? ""), name));
            case "text":
                return Text(output, "content", RawText.Of(block, "text"));
            case "thinking":
                _thinking[index] = new ThinkingBlock();
                _thinking[index].Sign(RawText.Of(block, "signature"));
                return Thinking(index, output, RawText.Of(block, "thinking"));
            case "redacted_thinking" when block.Text("data") is { Length: > 0 } data:
                chunks.ReasoningDetail(output, writer => WriteRedacted(writer, OpaqueMark.Add(target, data)));
                return StreamProgress.Progress;
            default:
                return StreamProgress.Alive;
        }
    }

    private StreamProgress TakeDelta(long index, JsonElement delta, IBufferWriter<byte> output)
    {
        switch (delta.Text("type"))
        {
            case "text_delta":
                return Text(output, "content", RawText.Of(delta, "text"));
            case "thinking_delta":
                return Thinking(index, output, RawText.Of(delta, "thinking"));
            case "input_json_delta":
                return Arguments(index, output, RawText.Of(delta, "partial_json"));
            case "signature_delta":
                _thinking.GetValueOrDefault(index)?.Sign(RawText.Of(delta, "signature"));
                return StreamProgress.Alive;
            default: // citations
                return StreamProgress.Alive;
        }
    }

    private StreamProgress Thinking(long index, IBufferWriter<byte> output, ReadOnlySpan<byte> raw)
    {
        _thinking.GetValueOrDefault(index)?.Add(raw);
        return Text(output, "reasoning_content", raw);
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

    private StreamProgress Arguments(long index, IBufferWriter<byte> output, ReadOnlySpan<byte> raw)
    {
        if (raw.IsEmpty || !_tools.TryGetValue(index, out var tool))
        {
            return StreamProgress.Alive;
        }

        tool.HasPieces = true;
        OutputCharacters += RawText.Length(raw);
        OutputPieces++;
        return Said(tool.Call < 0 ? chunks.Text(output, "content", raw) : chunks.ToolArguments(output, tool.Call, raw));
    }

    private StreamProgress StopBlock(long index, IBufferWriter<byte> output)
    {
        if (_thinking.Remove(index, out var thinking) && thinking.Signature() is { } signature)
        {
            chunks.ReasoningDetail(output, writer =>
            {
                thinking.Write(writer, OpaqueMark.Add(target, signature));
                writer.WriteNumber("index", _details++);
            });
            return StreamProgress.Progress;
        }

        // A tool without pieces takes nothing, or had its whole input in the block's start (other servers).
        if (!_tools.Remove(index, out var tool) || tool.HasPieces)
        {
            return StreamProgress.Alive;
        }

        var input = JsonEncodedText.Encode(tool.Input.Length > 0 ? tool.Input : "{}"u8);
        OutputCharacters += input.Value.Length;
        return Said(tool.Call < 0 ? chunks.Text(output, "content", input.EncodedUtf8Bytes) : chunks.ToolArguments(output, tool.Call, input.EncodedUtf8Bytes));
    }

    private void WriteRedacted(Utf8JsonWriter writer, string marked)
    {
        writer.WriteString("type", "reasoning.encrypted");
        writer.WriteString("data", marked);
        writer.WriteNumber("index", _details++);
    }

    private void Finish(IBufferWriter<byte> output, string? reason)
    {
        _finished = true;
        chunks.Finish(output, StopReasons.ToOpenAi(reason, _calls > 0));
    }

    private StreamProgress Said(bool written)
    {
        _said |= written;
        return StreamProgress.Progress | StreamProgress.Content;
    }
}
