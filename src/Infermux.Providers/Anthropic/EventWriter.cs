using System.Buffers;

namespace Infermux.Providers.Anthropic;

/// <summary>Writes events as Anthropic frames them: each with its name, without which its clients ignore it.</summary>
internal static class EventWriter
{
    /// <summary>Writes one event. A line feed in the JSON can only stand between its tokens, and is written as a blank.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        output.Write("event: "u8);
        output.Write(name);
        output.Write("\ndata: "u8);
        while (json.IndexOf((byte)'\n') is >= 0 and var at)
        {
            output.Write(json[..at]);
            output.Write(" "u8);
            json = json[(at + 1)..];
        }

        output.Write(json);
        output.Write("\n\n"u8);
    }
}
