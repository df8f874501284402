using Infermux.Providers.Json;
using Infermux.Providers.Sse;

namespace Infermux.Providers.Gemini;

/// <summary>
/// The JSON texts of a streamed answer: the data of server-sent events, or, where <c>alt=sse</c> got lost on the way, the elements of one JSON array. The first
/// byte that is no blank decides.
/// </summary>
internal sealed class AnswerEvents
{
    private readonly SseReader _events = new();
    private readonly JsonValueReader _values = new(SseReader.DefaultMaxEventBytes);
    private int _mark;
    private bool? _isJson;

    /// <summary>Comment lines so far.</summary>
    public long Comments => _events.Comments;

    /// <summary>A text was larger than 16 MiB; nothing more is read.</summary>
    public bool TooLarge => _events.TooLarge || _values.TooLarge;

    /// <summary>The JSON broke off inside an object, or something else lay between objects.</summary>
    public bool IsBroken => _values.Stray || _values.IsInside;

    /// <summary>The beginning of what is neither events nor JSON.</summary>
    public ReadOnlySpan<byte> Stray => _events.Stray;

    /// <summary>Takes bytes off the front until a text is complete (true; call again with the rest) or none is left (false).</summary>
    public bool TryRead(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> json)
    {
        json = default;
        Decide(ref bytes);
        if (_isJson is true)
        {
            return _values.TryRead(ref bytes, out json);
        }

        if (_isJson is null || !_events.TryRead(ref bytes, out var next))
        {
            return false;
        }

        json = next.Data;
        return true;
    }

    /// <summary>The body ended: gives the last event where it lacked its blank line.</summary>
    public bool TryFinish(out ReadOnlySpan<byte> json)
    {
        json = default;
        if (_isJson is not false || !_events.TryFinish(out var last))
        {
            return false;
        }

        json = last.Data;
        return true;
    }

    /// <summary>Gives pooled memory back; nothing is read afterwards.</summary>
    public void Release()
    {
        _events.Release();
        _values.Release();
    }

    private void Decide(ref ReadOnlySpan<byte> bytes)
    {
        while (_isJson is null && !bytes.IsEmpty)
        {
            ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
            if (_mark < byteOrderMark.Length && bytes[0] == byteOrderMark[_mark])
            {
                _mark++;
            }
            else if (bytes[0] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                _isJson = bytes[0] is (byte)'[' or (byte)'{';
                return;
            }

            bytes = bytes[1..];
        }
    }
}
