using System.Buffers;
using System.Text.Json;

namespace Infermux.Providers.Responses;

/// <summary>
/// The events that end a stream of Responses which broke: <c>error</c>, nested as it is seen on the wire with the schema's flat members beside it, at which the
/// official SDKs raise, and <c>response.failed</c>, which is what agents look at.
/// </summary>
public static class ErrorEvents
{
    /// <summary>Writes both.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="sequence">The next sequence number.</param>
    /// <param name="id">The id of the response under way; null where none was told.</param>
    /// <param name="code">What happened.</param>
    /// <param name="message">What happened and the mend.</param>
    /// <param name="param">The field at fault.</param>
    public static void Write(IBufferWriter<byte> output, long sequence, string? id, string code, string message, string? param)
    {
        SseText.Begin("error"u8, output);
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "error"u8);
            writer.WriteNumber("sequence_number"u8, sequence);
            writer.WriteString("code"u8, code);
            writer.WriteString("message"u8, message);
            writer.WriteString("param"u8, param);
            writer.WriteStartObject("error"u8);
            writer.WriteString("type"u8, "infermux_error"u8);
            Error(writer, code, message);
            writer.WriteString("param"u8, param);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        output.Write("\n\n"u8);
        SseText.Begin("response.failed"u8, output);
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "response.failed"u8);
            writer.WriteNumber("sequence_number"u8, sequence + 1);
            writer.WriteStartObject("response"u8);
            writer.WriteString("id"u8, id ?? "");
            writer.WriteString("object"u8, "response"u8);
            writer.WriteString("status"u8, "failed"u8);
            writer.WriteStartObject("error"u8);
            Error(writer, code, message);
            writer.WriteEndObject();
            writer.WriteStartArray("output"u8);
            writer.WriteEndArray();
            writer.WriteNull("usage"u8);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        output.Write("\n\n"u8);
    }

    private static void Error(Utf8JsonWriter writer, string code, string message)
    {
        writer.WriteString("code"u8, code);
        writer.WriteString("message"u8, message);
    }
}
