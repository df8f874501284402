using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Infermux.Hosting.State;

/// <summary>A key in sixteen bytes, so that a million of them can be remembered; two keys with one mark are as good as impossible.</summary>
internal static class KeyMark
{
    public static UInt128 Of(ReadOnlySpan<byte> key)
    {
        Span<byte> sum = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, sum);
        return BinaryPrimitives.ReadUInt128LittleEndian(sum);
    }
}
