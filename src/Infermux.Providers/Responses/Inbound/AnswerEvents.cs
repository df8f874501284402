using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses.Inbound;

/// <summary>Writes the events of one streamed response, numbered from 0 without gaps.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The writer holds nothing of its own: it writes to the output of each call and is flushed there.")]
internal sealed class AnswerEvents
{
    private readonly Utf8JsonWriter _writer = new(Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The number of the next event.</summary>
    public long Next { get; private set; }

    /// <summary>An event with these members.</summary>
    public void Write(IBufferWriter<byte> output, string type, Action<Utf8JsonWriter> members)
    {
        Begin(output, type);
        members(_writer);
        End(output);
    }

    /// <summary>An event of an item: added or done.</summary>
    public void Item(IBufferWriter<byte> output, string type, AnswerItem item, string status)
    {
        Begin(output, type);
        _writer.WriteNumber("output_index", item.Index);
        _writer.WritePropertyName("item");
        item.Write(_writer, status);
        End(output);
    }

    /// <summary>An event that carries a text: a piece, or the whole of it.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="type">The event.</param>
    /// <param name="item">The item it belongs to.</param>
    /// <param name="placeName"><c>content_index</c> or <c>summary_index</c>; null: neither.</param>
    /// <param name="place">Its value.</param>
    /// <param name="name">The member that holds the text.</param>
    /// <param name="raw">The raw bytes of its JSON string.</param>
    public void Text(IBufferWriter<byte> output, string type, AnswerItem item, string? placeName, int place, string name, ReadOnlySpan<byte> raw)
    {
        BeginOf(output, type, item, placeName, place);
        RawText.Write(_writer, name, raw);
        if (type.StartsWith("response.output_text", StringComparison.Ordinal))
        {
            _writer.WriteStartArray("logprobs");
            _writer.WriteEndArray();
        }

        End(output);
    }

    /// <summary>An event that carries a part.</summary>
    public void Part(IBufferWriter<byte> output, string type, AnswerItem item, string placeName, int place, Action<Utf8JsonWriter> members)
    {
        BeginOf(output, type, item, placeName, place);
        _writer.WriteStartObject("part");
        members(_writer);
        _writer.WriteEndObject();
        End(output);
    }

    private void BeginOf(IBufferWriter<byte> output, string type, AnswerItem item, string? placeName, int place)
    {
        Begin(output, type);
        _writer.WriteString("item_id", item.Id);
        _writer.WriteNumber("output_index", item.Index);
        if (placeName is not null)
        {
            _writer.WriteNumber(placeName, place);
        }
    }

    private void Begin(IBufferWriter<byte> output, string type)
    {
        SseText.Begin(Encoding.ASCII.GetBytes(type), output);
        _writer.Reset(output);
        _writer.WriteStartObject();
        _writer.WriteString("type", type);
        _writer.WriteNumber("sequence_number", Next++);
    }

    private void End(IBufferWriter<byte> output)
    {
        _writer.WriteEndObject();
        _writer.Flush();
        output.Write("\n\n"u8);
    }
}
