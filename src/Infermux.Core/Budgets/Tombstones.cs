using System.Collections.Immutable;

namespace Infermux.Core.Budgets;

/// <summary>
/// Operations that are resolved and must not be reserved again by a command that was delayed. Kept <see cref="Kept"/>, in buckets of at most
/// one second, oldest first.
/// </summary>
public sealed record Tombstones
{
    /// <summary>Operations per bucket. Only the newest one is packed anew for each write.</summary>
    public const int BucketSize = 512;

    /// <summary>None.</summary>
    public static Tombstones Empty { get; } = new();

    /// <summary>Longer than any not-after can lie ahead (5 s), clocks that disagree included.</summary>
    public static TimeSpan Kept { get; } = TimeSpan.FromSeconds(10);

    /// <summary>The buckets, oldest first.</summary>
    public ImmutableArray<TombstoneBucket> Buckets { get; init; } = [];

    /// <summary>Whether the operation is resolved.</summary>
    public bool Contains(Guid operation)
    {
        foreach (var bucket in Buckets)
        {
            if (bucket.Operations.Contains(operation))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>With an operation added, and without those that nothing can race any more.</summary>
    public Tombstones Add(Guid operation, DateTimeOffset now)
    {
        var until = (now + Kept).ToUnixTimeSeconds() + 1;
        var buckets = Buckets.RemoveAll(bucket => bucket.Until < now.ToUnixTimeSeconds());
        var newest = buckets.IsEmpty ? null : buckets[^1];
        if (newest is null || newest.Until < until || newest.Operations.Count >= BucketSize)
        {
            // A clock that went back keeps the order: kept longer, never shorter.
            return this with { Buckets = buckets.Add(new(Math.Max(until, newest?.Until ?? 0), [operation])) };
        }

        return this with { Buckets = buckets.SetItem(buckets.Length - 1, new(newest.Until, newest.Operations.Add(operation))) };
    }

    /// <summary>Without those that nothing can race any more.</summary>
    public Tombstones Since(DateTimeOffset now) =>
        Buckets.IsEmpty || Buckets[0].Until >= now.ToUnixTimeSeconds()
            ? this
            : this with { Buckets = Buckets.RemoveAll(bucket => bucket.Until < now.ToUnixTimeSeconds()) };
}
