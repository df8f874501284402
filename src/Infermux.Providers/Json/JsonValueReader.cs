using Infermux.Providers.Sse;

namespace Infermux.Providers.Json;

/// <summary>
/// Cuts a byte stream into JSON objects that lie side by side or in one array, whatever pieces it arrives in. The objects depend on the bytes alone.
/// </summary>
/// <param name="maxBytes">Cap on the bytes of one object.</param>
internal sealed class JsonValueReader(int maxBytes)
{
    private PooledBytes _kept; // the beginning of an object whose end has not arrived
    private int _depth;
    private bool _quoted;
    private bool _escaped;
    private bool _emitted;

    /// <summary>An object was larger than the cap; nothing more is read.</summary>
    public bool TooLarge { get; private set; }

    /// <summary>Something else than objects, commas and the array's brackets lay between them; nothing more is read.</summary>
    public bool Stray { get; private set; }

    /// <summary>Whether an object has begun and not ended.</summary>
    public bool IsInside => _depth > 0;

    /// <summary>
    /// Takes bytes off the front of <paramref name="bytes"/> until an object is complete (true; call again with the rest) or none is left (false).
    /// <paramref name="json"/> is valid until the next call.
    /// </summary>
    public bool TryRead(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> json)
    {
        json = default;
        if (_emitted)
        {
            _emitted = false;
            _kept.Clear();
        }

        var start = _depth > 0 ? 0 : -1;
        for (var at = 0; at < bytes.Length && !TooLarge && !Stray; at++)
        {
            start = _depth == 0 && bytes[at] == (byte)'{' ? at : start;
            if (Step(bytes[at]))
            {
                json = Whole(bytes[start..(at + 1)]);
                bytes = bytes[(at + 1)..];
                return !TooLarge;
            }
        }

        if (_depth > 0 && !TooLarge && !Stray)
        {
            Keep(bytes[start..]);
        }

        bytes = default;
        return false;
    }

    /// <summary>Gives pooled memory back; the reader is not used afterwards.</summary>
    public void Release() => _kept.Release();

    /// <summary>True at the end of an object.</summary>
    private bool Step(byte next)
    {
        if (_quoted)
        {
            _quoted = _escaped || next != (byte)'"';
            _escaped = !_escaped && next == (byte)'\\';
            return false;
        }

        switch (next)
        {
            case (byte)'"' when _depth > 0:
                _quoted = true;
                break;
            case (byte)'{' or (byte)'[' when _depth > 0:
            case (byte)'{':
                _depth++;
                break;
            case (byte)'}' or (byte)']' when _depth > 0:
                return --_depth == 0;
            default:
                Stray = _depth == 0 && next is not ((byte)'[' or (byte)']' or (byte)',' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n');
                break;
        }

        return false;
    }

    private ReadOnlySpan<byte> Whole(ReadOnlySpan<byte> end)
    {
        _emitted = true;
        if (_kept.Length == 0)
        {
            TooLarge = end.Length > maxBytes;
            return end;
        }

        Keep(end);
        return _kept.Span;
    }

    private void Keep(ReadOnlySpan<byte> piece)
    {
        TooLarge = _kept.Length + piece.Length > maxBytes;
        if (!TooLarge)
        {
            _kept.Append(piece);
        }
    }
}
