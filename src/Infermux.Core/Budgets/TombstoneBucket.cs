using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Infermux.Core.Budgets;

/// <summary>Resolved operations that are forgotten together.</summary>
public sealed class TombstoneBucket
{
    private byte[]? _packed;

    /// <summary>A bucket of these operations.</summary>
    /// <param name="until">Unix second after which nothing can race them any more.</param>
    /// <param name="operations">The operations.</param>
    public TombstoneBucket(long until, ImmutableHashSet<Guid> operations) => (Until, Operations) = (until, operations);

    /// <summary>Unix second after which nothing can race them any more.</summary>
    public long Until { get; }

    /// <summary>The operations.</summary>
    public ImmutableHashSet<Guid> Operations { get; }

    /// <summary>The operations' ids, 16 bytes each, packed once: a busy account stores its tombstones with every write. Not to be written to.</summary>
    public byte[] Packed => _packed ??= MemoryMarshal.AsBytes<Guid>(Operations.ToArray()).ToArray();

    /// <summary>The bucket that <see cref="Packed"/> came from.</summary>
    public static TombstoneBucket Unpack(long until, byte[] packed)
    {
        ArgumentNullException.ThrowIfNull(packed);
        return new(until, ImmutableHashSet.Create(MemoryMarshal.Cast<byte, Guid>(packed)));
    }
}
