using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Money.Journal;

/// <summary>Scratch memory for one record, kept per thread so that a settle allocates nothing.</summary>
internal sealed class JournalBuffer : IDisposable
{
    private readonly ArrayBufferWriter<byte> _bytes = new(1024);
    private readonly Utf8JsonWriter _json;

    public JournalBuffer() => _json = new Utf8JsonWriter(_bytes);

    /// <summary>Empties it and writes the head of a record behind room for its frame.</summary>
    public void Start(JournalRecordKind kind, Guid incarnation, long number)
    {
        _bytes.ResetWrittenCount();
        var head = _bytes.GetSpan(JournalRecord.FrameBytes + JournalRecord.HeadBytes)[..(JournalRecord.FrameBytes + JournalRecord.HeadBytes)];
        head[JournalRecord.FrameBytes] = (byte)kind;
        incarnation.TryWriteBytes(head[(JournalRecord.FrameBytes + 1)..]);
        BinaryPrimitives.WriteInt64LittleEndian(head[(JournalRecord.FrameBytes + 17)..], number);
        _bytes.Advance(head.Length);
    }

    public void Json(Settlement settlement)
    {
        _json.Reset();
        JsonSerializer.Serialize(_json, settlement, JournalJson.Default.Settlement);
        _json.Flush();
    }

    public void Text(string text) => Encoding.UTF8.GetBytes(text, _bytes);

    /// <summary>Fills the frame in; the record is valid until the next <see cref="Start"/>.</summary>
    public ReadOnlySpan<byte> Finish()
    {
        var record = MemoryMarshal.AsMemory(_bytes.WrittenMemory).Span;
        var content = record[JournalRecord.FrameBytes..];
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], JournalRecord.ChecksumOf(content));
        return record;
    }

    public void Dispose() => _json.Dispose();
}
