using System.Buffers;
using System.Runtime.InteropServices;

namespace Infermux.Providers.Json;

/// <summary>Edits of one JSON text, kept in the order of their place. Ranges do not overlap. Used again for the next text after <see cref="Clear"/>.</summary>
internal sealed class JsonEdits
{
    private readonly List<JsonEdit> _edits = [];

    /// <summary>The edits in order.</summary>
    public ReadOnlySpan<JsonEdit> InOrder => CollectionsMarshal.AsSpan(_edits);

    /// <summary>Whether there is nothing to change.</summary>
    public bool IsEmpty => _edits.Count == 0;

    /// <summary>Adds an edit; of two at one place the later comes second.</summary>
    public void Add(int start, int length, ReadOnlyMemory<byte> text)
    {
        var at = _edits.Count;
        while (at > 0 && _edits[at - 1].Start > start)
        {
            at--;
        }

        _edits.Insert(at, new JsonEdit(start, length, text));
    }

    /// <summary>Replaces a value.</summary>
    public void Replace(ByteRange range, ReadOnlyMemory<byte> text) => Add(range.Start, range.Length, text);

    /// <summary>Forgets all edits.</summary>
    public void Clear() => _edits.Clear();

    /// <summary>Bytes of <paramref name="length"/> bytes once edited.</summary>
    public int LengthAfter(int length)
    {
        foreach (ref readonly var edit in InOrder)
        {
            length += edit.Text.Length - edit.Length;
        }

        return length;
    }

    /// <summary>Writes the edited text.</summary>
    public void Write(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        var length = LengthAfter(json.Length);
        Copy(json, output.GetSpan(length));
        output.Advance(length);
    }

    /// <summary>Copies the edited text to a span that is long enough.</summary>
    public void Copy(ReadOnlySpan<byte> json, Span<byte> to)
    {
        var read = 0;
        foreach (ref readonly var edit in InOrder)
        {
            json[read..edit.Start].CopyTo(to);
            to = to[(edit.Start - read)..];
            edit.Text.Span.CopyTo(to);
            to = to[edit.Text.Length..];
            read = edit.Start + edit.Length;
        }

        json[read..].CopyTo(to);
    }
}
