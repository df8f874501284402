namespace Infermux.Providers.EventStream;

/// <summary>The checksum of event-stream frames: CRC-32 of IEEE 802.3, reflected, as zlib and PNG have it.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private static readonly uint[] Table = BuildTable();

    /// <summary>The checksum of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => Of(bytes, 0);

    /// <summary>The checksum of bytes that follow those with checksum <paramref name="before"/>.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes, uint before)
    {
        var table = Table;
        var crc = ~before;
        foreach (var value in bytes)
        {
            crc = table[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] BuildTable()
    {
        var table = new uint[256];
        for (var n = 0u; n < table.Length; n++)
        {
            var value = n;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ Polynomial;
            }

            table[n] = value;
        }

        return table;
    }
}
