namespace Infermux.Testing;

/// <summary>How the bytes of a stream are cut and framed.</summary>
public sealed record WireShape
{
    /// <summary>Bytes per write, without regard to events or UTF-8; 0: one write per event. Default 0.</summary>
    public int SplitEvery { get; init; }

    /// <summary>Makes each piece 1 to <see cref="SplitEvery"/> bytes long, drawn with this seed; null: all are of that length. Default null.</summary>
    public int? SplitSeed { get; init; }

    /// <summary>Pause between the pieces of one event; with <see cref="SplitEvery"/> 1 this is a slow drip. Default none.</summary>
    public TimeSpan SplitInterval { get; init; }

    /// <summary>How lines end. Default <see cref="LineEnd.Lf"/>.</summary>
    public LineEnd LineEnd { get; init; }

    /// <summary>Starts the stream with a byte-order mark. Default false.</summary>
    public bool ByteOrderMark { get; init; }

    /// <summary>Leaves out the blank after <c>data:</c>. Default false.</summary>
    public bool NoBlank { get; init; }

    /// <summary>Leaves out the blank line after the last event. Default false.</summary>
    public bool NoLastBlankLine { get; init; }

    /// <summary>Makes the first text chunk at least this many bytes long; 0: as scripted. Default 0.</summary>
    public int HugeChunk { get; init; }
}
