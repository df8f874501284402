using System.Buffers;
using Infermux.Providers.Json;

namespace Infermux.Providers.Responses;

/// <summary>Writes events that have a name.</summary>
internal static class SseText
{
    /// <summary>The <c>event:</c> line, and <c>data: </c> up to where the JSON begins.</summary>
    public static void Begin(ReadOnlySpan<byte> name, IBufferWriter<byte> output)
    {
        output.Write("event: "u8);
        output.Write(name);
        output.Write("\ndata: "u8);
    }

    /// <summary>The JSON with its edits, on one line, and the end of the event.</summary>
    public static void Body(ReadOnlySpan<byte> json, JsonEdits edits, IBufferWriter<byte> output)
    {
        var length = edits.LengthAfter(json.Length);
        var to = output.GetSpan(length)[..length];
        edits.Copy(json, to);
        to.Replace((byte)'\n', (byte)' '); // the event had several data lines; between JSON tokens a blank is as good
        output.Advance(length);
        output.Write("\n\n"u8);
    }
}
