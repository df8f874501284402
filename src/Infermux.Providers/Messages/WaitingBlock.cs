using System.Buffers;

namespace Infermux.Providers.Messages;

/// <summary>A block of a streamed message: open, or waiting until the one before it has ended.</summary>
internal sealed class WaitingBlock(StreamBlock kind, int call = -1, string id = "", string name = "")
{
    private readonly ArrayBufferWriter<byte> _pieces = new();
    private ArgumentsEnd _arguments;

    /// <summary>What it is.</summary>
    public StreamBlock Kind { get; } = kind;

    /// <summary>Index of the call in the chat answer; -1: no call.</summary>
    public int Call { get; } = call;

    /// <summary>The call's id in Anthropic's alphabet.</summary>
    public string Id { get; } = id;

    /// <summary>The call's name; the data of redacted thinking.</summary>
    public string Name { get; } = name;

    /// <summary>Set once thinking is signed, which ends it.</summary>
    public string? Signature { get; set; }

    /// <summary>Pieces that wait to be written, as the raw bytes of a JSON string.</summary>
    public ReadOnlySpan<byte> Pieces => _pieces.WrittenSpan;

    /// <summary>Whether another block may follow: of a call once its arguments are whole, since its pieces may come mixed with another's.</summary>
    public bool MayEnd => Kind != StreamBlock.Call || _arguments.IsWhole;

    /// <summary>Notes a piece that was written at once.</summary>
    public void Wrote(ReadOnlySpan<byte> raw)
    {
        if (Kind == StreamBlock.Call)
        {
            _arguments.Take(raw);
        }
    }

    /// <summary>Keeps a piece.</summary>
    public void Keep(ReadOnlySpan<byte> raw)
    {
        _pieces.Write(raw);
        Wrote(raw);
    }
}
