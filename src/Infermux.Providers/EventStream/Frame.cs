using System.Buffers.Binary;

namespace Infermux.Providers.EventStream;

/// <summary>One message of an event stream whose checksums hold. Valid until the reader is used again.</summary>
/// <param name="headers">Its headers as they came, found readable.</param>
/// <param name="payload">Its payload.</param>
internal readonly ref struct Frame(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
{
    private const byte Bytes = 6;
    private const byte Text = 7;
    private readonly ReadOnlySpan<byte> _headers = headers;

    /// <summary>The payload.</summary>
    public ReadOnlySpan<byte> Payload { get; } = payload;

    /// <summary><c>:message-type</c>: <c>event</c>, <c>exception</c> or <c>error</c>; empty where it is missing.</summary>
    public ReadOnlySpan<byte> MessageType => Header(":message-type"u8);

    /// <summary><c>:event-type</c>.</summary>
    public ReadOnlySpan<byte> EventType => Header(":event-type"u8);

    /// <summary><c>:exception-type</c>.</summary>
    public ReadOnlySpan<byte> ExceptionType => Header(":exception-type"u8);

    /// <summary>The text of a header; empty where it is missing or no text.</summary>
    public ReadOnlySpan<byte> Header(ReadOnlySpan<byte> name)
    {
        var rest = _headers;
        while (TryTake(ref rest, out var found, out var type, out var value))
        {
            if (type == Text && found.SequenceEqual(name))
            {
                return value;
            }
        }

        return default;
    }

    /// <summary>Whether these bytes are headers from their first to their last.</summary>
    public static bool AreHeaders(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (!TryTake(ref bytes, out _, out _, out _))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryTake(scoped ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> name, out byte type, out ReadOnlySpan<byte> value)
    {
        name = default;
        type = 0;
        value = default;
        if (bytes.IsEmpty || bytes.Length < bytes[0] + 2)
        {
            return false;
        }

        name = bytes.Slice(1, bytes[0]);
        type = bytes[bytes[0] + 1];
        var rest = bytes[(bytes[0] + 2)..];
        var length = Size(type);
        if (type is Bytes or Text && rest.Length >= 2)
        {
            length = BinaryPrimitives.ReadUInt16BigEndian(rest);
            rest = rest[2..];
        }

        if (length < 0 || rest.Length < length)
        {
            return false;
        }

        value = rest[..length];
        bytes = rest[length..];
        return true;
    }

    /// <summary>Bytes of a value of fixed size; -1 for one that tells its length, and for a type nobody knows.</summary>
    private static int Size(byte type) => type switch
    {
        0 or 1 => 0, // true, false
        2 => 1,
        3 => 2,
        4 => 4,
        5 or 8 => 8, // a long, a time
        9 => 16, // a UUID
        _ => -1,
    };
}
