using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Infermux.Core.Pricing;
using Infermux.Providers.Anthropic;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Messages;

/// <summary>Writes the events of a streamed message; the order is the caller's matter.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The writer holds nothing of its own: it writes to the buffer of each event and is flushed there.")]
internal sealed class MessageEvents
{
    private readonly ArrayBufferWriter<byte> _json = new(512);
    private readonly Utf8JsonWriter _writer = new(Stream.Null, MessagesCaller.Writing);

    /// <summary>The message begins. What the prompt counted is not known yet: the estimate stands until the end says it.</summary>
    public void Begin(IBufferWriter<byte> output, string id, string model, long promptEstimate)
    {
        Open("message_start"u8);
        _writer.WriteStartObject("message");
        _writer.WriteString("id", id);
        _writer.WriteString("type", "message");
        _writer.WriteString("role", "assistant");
        _writer.WriteString("model", model);
        _writer.WriteStartArray("content");
        _writer.WriteEndArray();
        _writer.WriteNull("stop_reason");
        _writer.WriteNull("stop_sequence");
        MessageUsage.Write(_writer, new TokenUsage(promptEstimate));
        _writer.WriteEndObject();
        Close(output, "message_start"u8);
    }

    /// <summary>A block begins.</summary>
    public void Start(IBufferWriter<byte> output, int index, WaitingBlock block)
    {
        Open("content_block_start"u8);
        _writer.WriteNumber("index", index);
        _writer.WriteStartObject("content_block");
        switch (block.Kind)
        {
            case StreamBlock.Text:
                _writer.WriteString("type", "text");
                _writer.WriteString("text", "");
                break;
            case StreamBlock.Thinking:
                _writer.WriteString("type", "thinking");
                _writer.WriteString("thinking", "");
                _writer.WriteString("signature", "");
                break;
            case StreamBlock.Redacted:
                _writer.WriteString("type", "redacted_thinking");
                _writer.WriteString("data", block.Name);
                break;
            default:
                _writer.WriteString("type", "tool_use");
                _writer.WriteString("id", block.Id);
                _writer.WriteString("name", block.Name);
                _writer.WriteStartObject("input");
                _writer.WriteEndObject();
                break;
        }

        _writer.WriteEndObject();
        Close(output, "content_block_start"u8);
    }

    /// <summary>A piece of a block, given as the raw bytes of a JSON string.</summary>
    public void Piece(IBufferWriter<byte> output, int index, StreamBlock kind, ReadOnlySpan<byte> raw)
    {
        var (type, member) = kind switch
        {
            StreamBlock.Text => ("text_delta", "text"),
            StreamBlock.Thinking => ("thinking_delta", "thinking"),
            _ => ("input_json_delta", "partial_json"),
        };
        OpenDelta(index, type);
        RawText.Write(_writer, member, raw);
        _writer.WriteEndObject();
        Close(output, "content_block_delta"u8);
    }

    /// <summary>The signature of a thinking block.</summary>
    public void Sign(IBufferWriter<byte> output, int index, string signature)
    {
        OpenDelta(index, "signature_delta");
        _writer.WriteString("signature", signature);
        _writer.WriteEndObject();
        Close(output, "content_block_delta"u8);
    }

    /// <summary>A block ends.</summary>
    public void Stop(IBufferWriter<byte> output, int index)
    {
        Open("content_block_stop"u8);
        _writer.WriteNumber("index", index);
        Close(output, "content_block_stop"u8);
    }

    /// <summary>The message ends.</summary>
    public void End(IBufferWriter<byte> output, string? finish, string? refusal, bool calls, in TokenUsage usage, ReadOnlySpan<byte> infermuxJson)
    {
        Open("message_delta"u8);
        _writer.WriteStartObject("delta");
        MessageWriter.WriteStop(_writer, finish, refusal, calls);
        _writer.WriteEndObject();
        MessageUsage.Write(_writer, usage);
        if (!infermuxJson.IsEmpty)
        {
            _writer.WritePropertyName("infermux");
            _writer.WriteRawValue(infermuxJson, skipInputValidation: true);
        }

        Close(output, "message_delta"u8);
        EventWriter.Write(output, "message_stop"u8, "{\"type\":\"message_stop\"}"u8);
    }

    private void OpenDelta(int index, string type)
    {
        Open("content_block_delta"u8);
        _writer.WriteNumber("index", index);
        _writer.WriteStartObject("delta");
        _writer.WriteString("type", type);
    }

    private void Open(ReadOnlySpan<byte> type)
    {
        _json.ResetWrittenCount();
        _writer.Reset(_json);
        _writer.WriteStartObject();
        _writer.WriteString("type"u8, type);
    }

    private void Close(IBufferWriter<byte> output, ReadOnlySpan<byte> name)
    {
        _writer.WriteEndObject();
        _writer.Flush();
        EventWriter.Write(output, name, _json.WrittenSpan);
    }
}
