using System.Buffers;

namespace Infermux.Providers.Sse;

/// <summary>
/// A growing run of bytes in a pooled array, rented at the first byte and given back by <see cref="Release"/>. One that is dropped without it is
/// collected like any array.
/// </summary>
internal struct PooledBytes
{
    private byte[]? _array;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written; valid until the next change.</summary>
    public readonly ReadOnlySpan<byte> Span => _array.AsSpan(0, Length);

    /// <summary>Appends bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        Reserve(Length + bytes.Length);
        bytes.CopyTo(_array.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Forgets the bytes and keeps the array.</summary>
    public void Clear() => Length = 0;

    /// <summary>Forgets the bytes and gives the array back.</summary>
    public void Release()
    {
        Length = 0;
        if (_array is { } rented)
        {
            _array = null;
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private void Reserve(int needed)
    {
        if (_array is not null && _array.Length >= needed)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, (_array?.Length ?? 256) * 2));
        Span.CopyTo(larger);
        if (_array is not null)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }

        _array = larger;
    }
}
