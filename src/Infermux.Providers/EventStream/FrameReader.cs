using System.Buffers.Binary;
using Infermux.Providers.Sse;

namespace Infermux.Providers.EventStream;

/// <summary>
/// Takes <c>application/vnd.amazon.eventstream</c> apart: any cut of the same bytes gives the same frames. Both checksums are checked, the first before a
/// length is believed; a frame that lies whole in the pushed piece is not copied, and no more is kept than has come.
/// </summary>
/// <param name="maxFrameBytes">The longest frame that is taken.</param>
internal sealed class FrameReader(int maxFrameBytes = FrameReader.DefaultMaxFrameBytes)
{
    /// <summary>16 MiB, which is AWS's own limit of a frame.</summary>
    public const int DefaultMaxFrameBytes = 16 << 20;

    /// <summary>Bytes kept of a body that is no stream of frames.</summary>
    public const int MaxStrayBytes = 4 << 10;

    private const int PreludeBytes = 12; // two lengths and their checksum
    private const int ChecksumBytes = 4;

    private PooledBytes _kept;
    private int _needed; // bytes of the frame under way, once its prelude was read
    private bool _taken; // the kept bytes are a frame that was given out
    private bool _began;
    private PooledBytes _stray;

    /// <summary>Set once the bytes cannot be a stream of frames; nothing is read after it.</summary>
    public FrameFault Fault { get; private set; }

    /// <summary>Whether a frame has begun and not ended.</summary>
    public bool IsInsideFrame => Fault == FrameFault.None && !_taken && _kept.Length > 0;

    /// <summary>The first bytes of a body that never was a stream of frames, such as an error page; 4 KiB at most.</summary>
    public ReadOnlySpan<byte> Stray => _began ? default : _stray.Span;

    /// <summary>Takes the next frame off <paramref name="bytes"/>; false where they end before it does.</summary>
    public bool TryRead(ref ReadOnlySpan<byte> bytes, out Frame frame)
    {
        frame = default;
        if (_taken)
        {
            (_taken, _needed) = (false, 0);
            _kept.Clear();
        }

        KeepStray(bytes);
        if (Fault != FrameFault.None)
        {
            bytes = default;
            return false;
        }

        return _kept.Length == 0 && bytes.Length >= PreludeBytes ? TryReadInPlace(ref bytes, out frame) : TryReadKept(ref bytes, out frame);
    }

    /// <summary>Gives the memory back.</summary>
    public void Release()
    {
        _kept.Release();
        _stray.Release();
    }

    private bool TryReadInPlace(ref ReadOnlySpan<byte> bytes, out Frame frame)
    {
        frame = default;
        if (!ReadPrelude(bytes))
        {
            bytes = default;
            return false;
        }

        if (bytes.Length < _needed)
        {
            Keep(ref bytes, bytes.Length);
            return false;
        }

        var whole = bytes[.._needed];
        bytes = bytes[_needed..];
        _needed = 0;
        return Open(whole, out frame);
    }

    private bool TryReadKept(ref ReadOnlySpan<byte> bytes, out Frame frame)
    {
        frame = default;
        if (_needed == 0)
        {
            Keep(ref bytes, Math.Min(bytes.Length, PreludeBytes - _kept.Length));
            if (_kept.Length < PreludeBytes || !ReadPrelude(_kept.Span))
            {
                return false;
            }
        }

        Keep(ref bytes, Math.Min(bytes.Length, _needed - _kept.Length));
        if (_kept.Length < _needed)
        {
            return false;
        }

        _taken = true;
        return Open(_kept.Span, out frame);
    }

    private bool ReadPrelude(ReadOnlySpan<byte> bytes)
    {
        var total = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var headers = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        Fault = Crc32.Of(bytes[..8]) != BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]) ? FrameFault.Prelude
            : total > maxFrameBytes ? FrameFault.TooLarge
            : total < PreludeBytes + ChecksumBytes || headers > total - PreludeBytes - ChecksumBytes ? FrameFault.Length
            : FrameFault.None;
        if (Fault is not FrameFault.Prelude)
        {
            _began = true;
            _stray.Release();
        }

        _needed = (int)Math.Min(total, int.MaxValue);
        return Fault == FrameFault.None;
    }

    private bool Open(ReadOnlySpan<byte> whole, out Frame frame)
    {
        frame = default;
        var end = whole.Length - ChecksumBytes;
        var headers = whole.Slice(PreludeBytes, (int)BinaryPrimitives.ReadUInt32BigEndian(whole[4..]));
        Fault = Crc32.Of(whole[..end]) != BinaryPrimitives.ReadUInt32BigEndian(whole[end..]) ? FrameFault.Checksum
            : !Frame.AreHeaders(headers) ? FrameFault.Headers
            : FrameFault.None;
        if (Fault != FrameFault.None)
        {
            return false;
        }

        frame = new Frame(headers, whole[(PreludeBytes + headers.Length)..end]);
        return true;
    }

    private void Keep(ref ReadOnlySpan<byte> bytes, int count)
    {
        _kept.Append(bytes[..count]);
        bytes = bytes[count..];
    }

    private void KeepStray(ReadOnlySpan<byte> bytes)
    {
        if (!_began)
        {
            _stray.Append(bytes[..Math.Clamp(MaxStrayBytes - _stray.Length, 0, bytes.Length)]);
        }
    }
}
