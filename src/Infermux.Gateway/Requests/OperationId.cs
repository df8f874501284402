using System.Buffers.Binary;

namespace Infermux.Gateway.Requests;

/// <summary>
/// Makes the ids of operations: UUIDs of version 7 (RFC 9562, 5.7), whose 74 random bits come from this process's own generator. An id must be unique, not
/// secret, and asking the kernel for entropy for each cost 3 % of a request.
/// </summary>
internal static class OperationId
{
    /// <summary>A new id that sorts by <paramref name="now"/>, in milliseconds.</summary>
    public static Guid New(DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, now.ToUnixTimeMilliseconds() << 16);
        Random.Shared.NextBytes(bytes[6..]);
        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true);
    }
}
