namespace Infermux.Core.Circuits;

/// <summary>
/// Verdicts and latencies of the last <c>window_seconds</c>, in a ring of at most 60 buckets; a bucket leaves whole. A verdict is booked in the bucket of its
/// moment, and a clock that steps back books into the newest bucket.
/// </summary>
public sealed class OutcomeWindow
{
    private const int MaxBuckets = 60;
    private readonly Bucket[] _buckets;
    private readonly long _bucketMs;
    private readonly LatencyHistogram _latencies = new();
    private long _newest;
    private long _verdicts;
    private long _faults;

    /// <summary>An empty window.</summary>
    /// <param name="length">How far back it reaches; at least one second.</param>
    /// <param name="now">The time.</param>
    public OutcomeWindow(TimeSpan length, DateTimeOffset now)
    {
        Length = length < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : length;
        var count = (int)Math.Min(MaxBuckets, Math.Ceiling(Length.TotalSeconds));
        _bucketMs = (long)Math.Ceiling(Length.TotalMilliseconds / count);
        _buckets = new Bucket[count];
        _newest = IndexOf(now);
    }

    /// <summary>How far back it reaches.</summary>
    public TimeSpan Length { get; }

    /// <summary>Successes and faults in it.</summary>
    public long Verdicts(DateTimeOffset now)
    {
        Advance(now);
        return _verdicts;
    }

    /// <summary>Faults ÷ verdicts, 0 to 1; 0 without a verdict.</summary>
    public double ErrorRate(DateTimeOffset now)
    {
        Advance(now);
        return _verdicts == 0 ? 0 : (double)_faults / _verdicts;
    }

    /// <summary>Faults in it.</summary>
    public long Faults(DateTimeOffset now)
    {
        Advance(now);
        return _faults;
    }

    /// <summary>Latencies in it.</summary>
    public long LatencySamples(DateTimeOffset now)
    {
        Advance(now);
        return _latencies.Total;
    }

    /// <summary>95 % of the latencies do not exceed it, ms; null without one.</summary>
    public double? P95(DateTimeOffset now)
    {
        Advance(now);
        return _latencies.Quantile(0.95);
    }

    /// <summary>Books verdicts at <paramref name="now"/>.</summary>
    public void Book(int successes, int faults, DateTimeOffset now)
    {
        Advance(now);
        ref var bucket = ref _buckets[_newest % _buckets.Length];
        bucket.Verdicts += successes + faults;
        bucket.Faults += faults;
        _verdicts += successes + faults;
        _faults += faults;
    }

    /// <summary>Books latencies of one <see cref="LatencyBuckets"/> bucket.</summary>
    public void BookLatency(int latencyBucket, int count, DateTimeOffset now)
    {
        Advance(now);
        ref var bucket = ref _buckets[_newest % _buckets.Length];
        (bucket.Latencies ??= new()).Add(latencyBucket, count);
        _latencies.Add(latencyBucket, count);
    }

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        Array.Clear(_buckets);
        _latencies.Clear();
        (_verdicts, _faults) = (0, 0);
    }

    private void Advance(DateTimeOffset now)
    {
        var index = IndexOf(now);
        if (index - _newest >= _buckets.Length)
        {
            Clear();
            _newest = index;
        }

        while (_newest < index)
        {
            Drop(ref _buckets[++_newest % _buckets.Length]);
        }
    }

    private void Drop(ref Bucket bucket)
    {
        _verdicts -= bucket.Verdicts;
        _faults -= bucket.Faults;
        if (bucket.Latencies is { } latencies)
        {
            _latencies.TakeOut(latencies);
        }

        bucket = new Bucket { Latencies = bucket.Latencies };
    }

    private long IndexOf(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / _bucketMs;

    private struct Bucket
    {
        public long Verdicts;
        public long Faults;
        public LatencyHistogram? Latencies;
    }
}
