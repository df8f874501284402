using System.Buffers.Binary;
using System.Numerics;
using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Money.Journal;

/// <summary>
/// The journal's framing: length (4), CRC-32C of the rest (4), kind (1), incarnation (16), number (8), body; little endian. A frame that was torn by a
/// crash has a wrong length or checksum, which ends the reading of its file.
/// </summary>
internal readonly ref struct JournalRecord
{
    /// <summary>Length and checksum.</summary>
    public const int FrameBytes = 8;

    /// <summary>Kind, incarnation and number.</summary>
    public const int HeadBytes = 25;

    /// <summary>More than any settlement can take; a longer length is not one of ours.</summary>
    private const int LongestBytes = 64 * 1024 * 1024;

    private JournalRecord(ReadOnlySpan<byte> content, int size)
    {
        Kind = (JournalRecordKind)content[0];
        Incarnation = new Guid(content[1..17]);
        Number = BinaryPrimitives.ReadInt64LittleEndian(content[17..]);
        Body = content[HeadBytes..];
        Size = size;
    }

    /// <summary>What it is.</summary>
    public JournalRecordKind Kind { get; }

    /// <summary>Whose number it is.</summary>
    public Guid Incarnation { get; }

    /// <summary>Number of the settlement, or of the last one acknowledged.</summary>
    public long Number { get; }

    /// <summary>The rest.</summary>
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>Bytes it takes in the file, frame included.</summary>
    public int Size { get; }

    /// <summary>The record at the start of <paramref name="file"/>; false at the end of what was written whole.</summary>
    public static bool TryRead(ReadOnlySpan<byte> file, out JournalRecord record)
    {
        record = default;
        if (file.Length < FrameBytes + HeadBytes)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(file);
        if (length is < HeadBytes or > LongestBytes || length > file.Length - FrameBytes)
        {
            return false;
        }

        var content = file.Slice(FrameBytes, (int)length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(file[4..]) != ChecksumOf(content))
        {
            return false;
        }

        record = new JournalRecord(content, FrameBytes + (int)length);
        return true;
    }

    /// <summary>Frames a settlement into <paramref name="buffer"/>, which is emptied first.</summary>
    public static ReadOnlySpan<byte> Write(JournalBuffer buffer, Guid incarnation, long number, Settlement settlement)
    {
        buffer.Start(JournalRecordKind.Settle, incarnation, number);
        buffer.Json(settlement);
        return buffer.Finish();
    }

    /// <summary>Frames an acknowledgement into <paramref name="buffer"/>, which is emptied first.</summary>
    public static ReadOnlySpan<byte> Write(JournalBuffer buffer, Guid incarnation, long number, string account)
    {
        buffer.Start(JournalRecordKind.Acknowledge, incarnation, number);
        buffer.Text(account);
        return buffer.Finish();
    }

    /// <summary>CRC-32C, which processors compute themselves.</summary>
    public static uint ChecksumOf(ReadOnlySpan<byte> content)
    {
        var crc = uint.MaxValue;
        while (content.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(content));
            content = content[sizeof(ulong)..];
        }

        foreach (var single in content)
        {
            crc = BitOperations.Crc32C(crc, single);
        }

        return ~crc;
    }
}
