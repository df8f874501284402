using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Infermux.Testing;

/// <summary>Writes frames of <c>application/vnd.amazon.eventstream</c>, with another's checksum than the router's own.</summary>
public static class EventFrame
{
    /// <summary>An event of Bedrock's.</summary>
    public static byte[] Event(string type, string json) =>
        Of(Encoding.UTF8.GetBytes(json), (":event-type", type), (":content-type", "application/json"), (":message-type", "event"));

    /// <summary>An exception in the stream.</summary>
    public static byte[] Exception(string type, string json) =>
        Of(Encoding.UTF8.GetBytes(json), (":exception-type", type), (":content-type", "application/json"), (":message-type", "exception"));

    /// <summary>A frame with these text headers.</summary>
    public static byte[] Of(ReadOnlySpan<byte> payload, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        using var written = new MemoryStream();
        Span<byte> length = stackalloc byte[2];
        foreach (var (name, value) in headers)
        {
            written.WriteByte((byte)name.Length);
            written.Write(Encoding.ASCII.GetBytes(name));
            written.WriteByte(7);
            var text = Encoding.UTF8.GetBytes(value);
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)text.Length);
            written.Write(length);
            written.Write(text);
        }

        return Raw(payload, written.ToArray());
    }

    /// <summary>A frame with these headers as they are.</summary>
    public static byte[] Raw(ReadOnlySpan<byte> payload, byte[] headers)
    {
        var frame = new byte[12 + headers.Length + payload.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), headers.Length);
        Seal(frame.AsSpan(0, 12));
        headers.CopyTo(frame, 12);
        payload.CopyTo(frame.AsSpan(12 + headers.Length));
        Seal(frame);
        return frame;
    }

    /// <summary>Sets the last four bytes to the checksum of those before them.</summary>
    public static void Seal(Span<byte> bytes) => BinaryPrimitives.WriteUInt32BigEndian(bytes[^4..], Crc32.HashToUInt32(bytes[..^4]));
}
