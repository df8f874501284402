namespace Infermux.Core.Circuits;

/// <summary>Counts per <see cref="LatencyBuckets"/>; two add up without loss.</summary>
public sealed class LatencyHistogram
{
    private readonly long[] _counts = new long[LatencyBuckets.Count];

    /// <summary>Samples in it.</summary>
    public long Total { get; private set; }

    /// <summary>Adds samples to a bucket. A bucket that does not exist, or a count under 1, is ignored: the wire is not trusted to be right.</summary>
    public void Add(int bucket, long count)
    {
        if ((uint)bucket < LatencyBuckets.Count && count > 0)
        {
            _counts[bucket] += count;
            Total += count;
        }
    }

    /// <summary>Takes a histogram that was added before out again, and empties it.</summary>
    public void TakeOut(LatencyHistogram gone)
    {
        ArgumentNullException.ThrowIfNull(gone);
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            _counts[bucket] -= gone._counts[bucket];
        }

        Total -= gone.Total;
        gone.Clear();
    }

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        Total = 0;
    }

    /// <summary>The latency, in ms, that the share <paramref name="share"/> (0 to 1) of samples does not exceed; null without a sample.</summary>
    public double? Quantile(double share)
    {
        if (Total == 0)
        {
            return null;
        }

        var rank = Math.Max(1, (long)Math.Ceiling(share * Total));
        var bucket = 0;
        for (var seen = _counts[0]; seen < rank; seen += _counts[bucket])
        {
            bucket++;
        }

        return LatencyBuckets.Middle(bucket);
    }
}
