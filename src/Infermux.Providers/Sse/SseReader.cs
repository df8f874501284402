namespace Infermux.Providers.Sse;

/// <summary>
/// Cuts a byte stream into server-sent events, whatever pieces it arrives in: the events depend on the bytes alone, never on the chunking.
/// <code>
/// while (reader.TryRead(ref bytes, out var e)) { … }   // for each piece as it arrives
/// if (reader.TryFinish(out var last)) { … }            // at the end of the body
/// </code>
/// An event that lies whole in the pushed piece and has one <c>data:</c> line is not copied. Lines end in CRLF, CR or LF; blanks before a field's name and
/// after its colon are skipped (both are seen on the wire); a byte-order mark is skipped; a last event needs no blank line.
/// </summary>
/// <param name="maxEventBytes">Cap on the bytes of one event's lines. Image previews reach megabytes, so the default is 16 MiB.</param>
internal sealed class SseReader(int maxEventBytes = SseReader.DefaultMaxEventBytes)
{
    /// <summary>16 MiB.</summary>
    public const int DefaultMaxEventBytes = 16 << 20;

    private const int MaxStrayBytes = 4096;
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];
    private static ReadOnlySpan<byte> Blanks => " \t"u8;

    private PooledBytes _line; // the beginning of a line whose end has not arrived
    private PooledBytes _data; // data of the event under way, where it could not be left in place
    private PooledBytes _name;
    private PooledBytes _stray;
    private long _eventBytes;
    private bool _hasData;
    private bool _afterCarriageReturn;
    private bool _pastFirstLine;
    private bool _emitted;

    /// <summary>Comment lines, and events without data: signs of life that say nothing.</summary>
    public long Comments { get; private set; }

    /// <summary>An event was larger than the cap; nothing more is read.</summary>
    public bool TooLarge { get; private set; }

    /// <summary>The first 4 KiB of lines that are no field of an event: an HTML page, or a JSON error where a stream was due. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Stray => _stray.Span;

    /// <summary>
    /// Takes bytes off the front of <paramref name="bytes"/> until an event is complete (true; call again with the rest) or none is left (false; the
    /// beginning of an unfinished event is kept).
    /// </summary>
    public bool TryRead(ref ReadOnlySpan<byte> bytes, out SseEvent complete)
    {
        complete = default;
        BeginCall();
        ReadOnlySpan<byte> inPlace = default;
        while (!TooLarge && !bytes.IsEmpty)
        {
            if (SkipLineFeedOfPair(ref bytes))
            {
                continue;
            }

            var end = bytes.IndexOfAny((byte)'\n', (byte)'\r');
            if (end < 0)
            {
                KeepInPlace(inPlace);
                KeepUnfinished(bytes);
                bytes = default;
                return false;
            }

            if (ReadLine(TakeLine(ref bytes, end), ref inPlace) && Dispatch(inPlace, out complete))
            {
                return true;
            }
        }

        KeepInPlace(inPlace);
        return false;
    }

    /// <summary>The body ended: reads a last line without its end, and gives the last event where it lacked its blank line. Buffers go back.</summary>
    public bool TryFinish(out SseEvent complete)
    {
        complete = default;
        BeginCall();
        if (TooLarge)
        {
            return false;
        }

        ReadOnlySpan<byte> inPlace = default;
        if (_line.Length > 0)
        {
            ReadLine(WithoutMark(_line.Span), ref inPlace);
        }

        return !TooLarge && Dispatch(inPlace, out complete);
    }

    /// <summary>Gives pooled memory back; the reader is not used afterwards.</summary>
    public void Release()
    {
        _line.Release();
        _data.Release();
        _name.Release();
        _stray.Release();
    }

    private void BeginCall()
    {
        if (_emitted)
        {
            _emitted = false;
            ForgetEvent();
        }
    }

    private bool SkipLineFeedOfPair(scoped ref ReadOnlySpan<byte> bytes)
    {
        var skip = _afterCarriageReturn && bytes[0] == (byte)'\n';
        _afterCarriageReturn = false;
        if (skip)
        {
            bytes = bytes[1..];
        }

        return skip;
    }

    private ReadOnlySpan<byte> TakeLine(scoped ref ReadOnlySpan<byte> bytes, int end)
    {
        var whole = bytes[..end];
        _afterCarriageReturn = bytes[end] == (byte)'\r';
        bytes = bytes[(end + 1)..];
        if (_line.Length > 0)
        {
            _line.Append(whole);
            whole = _line.Span;
            _line.Clear(); // the array keeps the bytes until the next append, which comes after they were copied or given away
        }

        return WithoutMark(whole);
    }

    private ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> whole)
    {
        var first = !_pastFirstLine;
        _pastFirstLine = true;
        return first && whole.StartsWith(ByteOrderMark) ? whole[ByteOrderMark.Length..] : whole;
    }

    /// <summary>True for the empty line that ends an event.</summary>
    private bool ReadLine(ReadOnlySpan<byte> whole, scoped ref ReadOnlySpan<byte> inPlace)
    {
        if (whole.IsEmpty)
        {
            return true;
        }

        TooLarge = _eventBytes + whole.Length > maxEventBytes;
        if (TooLarge)
        {
            return false;
        }

        var field = whole.TrimStart(Blanks);
        if (field.IsEmpty || field[0] == (byte)':')
        {
            Comments++;
            return false;
        }

        _eventBytes += whole.Length;
        var colon = field.IndexOf((byte)':');
        var key = colon < 0 ? field : field[..colon];
        var value = colon < 0 ? default : field[(colon + 1)..].TrimStart(Blanks);
        if (key.SequenceEqual("data"u8))
        {
            AddData(value, ref inPlace);
        }
        else if (key.SequenceEqual("event"u8))
        {
            _name.Clear();
            _name.Append(value);
        }
        else if (!key.SequenceEqual("id"u8) && !key.SequenceEqual("retry"u8))
        {
            KeepStray(whole);
        }

        return false;
    }

    private void AddData(ReadOnlySpan<byte> value, scoped ref ReadOnlySpan<byte> inPlace)
    {
        if (!_hasData)
        {
            _hasData = true;
            inPlace = value;
            return;
        }

        KeepInPlace(inPlace);
        inPlace = default;
        _data.Append("\n"u8);
        _data.Append(value);
    }

    /// <summary>Data still lying in the pushed piece or in the line buffer moves to where it survives them.</summary>
    private void KeepInPlace(ReadOnlySpan<byte> inPlace) => _data.Append(inPlace);

    private void KeepUnfinished(ReadOnlySpan<byte> bytes)
    {
        // Not more than the cap is ever kept. A line without an end counts like a finished one, so the chunking decides only when this is noticed.
        if (_eventBytes + _line.Length + bytes.Length > (long)maxEventBytes + ByteOrderMark.Length)
        {
            TooLarge = true;
            return;
        }

        _line.Append(bytes);
    }

    private void KeepStray(ReadOnlySpan<byte> whole)
    {
        if (_stray.Length > 0)
        {
            _stray.Append("\n"u8);
        }

        _stray.Append(whole[..Math.Clamp(MaxStrayBytes - _stray.Length, 0, whole.Length)]);
    }

    private bool Dispatch(ReadOnlySpan<byte> inPlace, out SseEvent complete)
    {
        var payload = _data.Length > 0 ? _data.Span : inPlace;
        if (payload.IsEmpty)
        {
            Comments += _hasData || _name.Length > 0 ? 1 : 0;
            ForgetEvent();
            complete = default;
            return false;
        }

        _emitted = true;
        complete = new SseEvent(_name.Span, payload);
        return true;
    }

    private void ForgetEvent()
    {
        _eventBytes = 0;
        _hasData = false;
        _data.Clear();
        _name.Clear();
    }
}
