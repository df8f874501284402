namespace Infermux.Core.Limits;

/// <summary>
/// A sum over the last 60 s, in buckets of a second that leave whole. A bucket stays until the youngest thing in it is 60 s old, so the true sum of any 60 s
/// never exceeds this one. A clock that steps back books into the newest bucket.
/// </summary>
public sealed class RollingMinute
{
    private const int Buckets = 61;
    private readonly long[] _sums = new long[Buckets];
    private long _newest = long.MinValue / 2;
    private long _total;

    /// <summary>The sum.</summary>
    public long Sum(DateTimeOffset now)
    {
        Advance(now);
        return _total;
    }

    /// <summary>Adds at <paramref name="now"/>; the answer names the bucket for <see cref="Change"/>.</summary>
    public long Add(long amount, DateTimeOffset now)
    {
        Advance(now);
        Change(_newest, amount);
        return _newest;
    }

    /// <summary>Adds to the past: <paramref name="ago"/> seconds before <paramref name="now"/>; nothing happens where that is more than a minute.</summary>
    public void AddAgo(long amount, int ago, DateTimeOffset now)
    {
        Advance(now);
        Change(_newest - ago, amount);
    }

    /// <summary>What each second holds, the empty ones left out.</summary>
    public IReadOnlyList<(int Ago, long Amount)> Seconds(DateTimeOffset now)
    {
        Advance(now);
        return [.. Enumerable.Range(0, Buckets).Select(ago => (ago, _sums[Slot(_newest - ago)])).Where(static second => second.Item2 != 0)];
    }

    /// <summary>Changes what a bucket holds; nothing happens when it has left.</summary>
    public void Change(long bucket, long by)
    {
        if (bucket > _newest - Buckets && bucket <= _newest)
        {
            _sums[Slot(bucket)] += by;
            _total += by;
        }
    }

    /// <summary>When the sum will have fallen to <paramref name="atMost"/> if nothing is added; <paramref name="now"/> where it already has.</summary>
    public DateTimeOffset WhenAtMost(long atMost, DateTimeOffset now)
    {
        Advance(now);
        var left = _total;
        for (var bucket = _newest - Buckets + 1; left > atMost && bucket <= _newest; bucket++)
        {
            left -= _sums[Slot(bucket)];
            if (left <= atMost)
            {
                return DateTimeOffset.FromUnixTimeSeconds(bucket + Buckets);
            }
        }

        return now;
    }

    private void Advance(DateTimeOffset now)
    {
        var second = now.ToUnixTimeSeconds();
        if (second - _newest >= Buckets)
        {
            Array.Clear(_sums);
            (_newest, _total) = (second, 0);
        }

        while (_newest < second)
        {
            ref var leaving = ref _sums[Slot(++_newest)];
            _total -= leaving;
            leaving = 0;
        }
    }

    private static int Slot(long bucket) => (int)(((bucket % Buckets) + Buckets) % Buckets);
}
