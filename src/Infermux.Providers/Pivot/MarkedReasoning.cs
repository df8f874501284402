using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Infermux.Providers.Json;

namespace Infermux.Providers.Pivot;

/// <summary>
/// The marked items of <c>reasoning_details</c> in a chat request that goes to an OpenAI-shaped provider: none of them can be read there, not even by their
/// maker, whose opaque values travel on another API. What has no mark did not pass through here and stays.
/// </summary>
internal static class MarkedReasoning
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether there is any.</summary>
    public static bool IsIn(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, JsonReading.Deep);
        return document.RootElement.List("messages").Any(static message => message.List("reasoning_details").Any(IsMarked));
    }

    /// <summary>Adds the edits that take them out, and the list with the last of them.</summary>
    public static void Remove(ReadOnlyMemory<byte> body, JsonEdits edits)
    {
        using var document = JsonDocument.Parse(body, JsonReading.Deep);
        var root = JsonMarshal.GetRawUtf8Value(document.RootElement);
        var begin = body.Span.IndexOf((byte)'{');
        foreach (var message in document.RootElement.List("messages"))
        {
            if (message.List("reasoning_details").Any(IsMarked))
            {
                var raw = JsonMarshal.GetRawUtf8Value(message);
                var offset = (int)Unsafe.ByteOffset(ref MemoryMarshal.GetReference(root), ref MemoryMarshal.GetReference(raw));
                edits.Replace(new ByteRange(begin + offset, raw.Length), Unmarked(message));
            }
        }
    }

    private static bool IsMarked(JsonElement detail) => Starts(detail.Text("data")) || Starts(detail.Text("signature"));

    private static bool Starts(string? value) => value?.StartsWith(OpaqueMark.Prefix, StringComparison.Ordinal) is true;

    private static ReadOnlyMemory<byte> Unmarked(JsonElement message)
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        foreach (var member in message.EnumerateObject())
        {
            if (!member.NameEquals("reasoning_details"))
            {
                member.WriteTo(writer);
                continue;
            }

            var kept = member.Value.EnumerateArray().Where(static detail => !IsMarked(detail)).ToList();
            if (kept.Count > 0)
            {
                writer.WritePropertyName("reasoning_details");
                JsonSerializer.Serialize(writer, kept);
            }
        }

        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenMemory;
    }
}
