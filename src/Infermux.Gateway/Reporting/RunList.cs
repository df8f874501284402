using Infermux.Core.Circuits;
using Infermux.Grains.Contracts.Providers;

namespace Infermux.Gateway.Reporting;

/// <summary>Outcomes in the order they came, like ones in a row as one run. Not safe for threads: its owner locks.</summary>
internal sealed class RunList
{
    private readonly List<OutcomeRun> _closed = [];
    private readonly int[] _buckets = new int[LatencyBuckets.Count];
    private OutcomeKind _kind;
    private long _generation;
    private int _count;
    private double _latencySum;
    private bool _hasBuckets;

    /// <summary>Nothing in it.</summary>
    public bool IsEmpty => _closed.Count == 0 && _count == 0;

    /// <summary>Runs in it, at most.</summary>
    public int Count => _closed.Count + (_count > 0 ? 1 : 0);

    /// <summary>A success that is no probe's: joins the run before it where it can, without allocating.</summary>
    /// <param name="generation">Generation it was admitted under.</param>
    /// <param name="milliseconds">Time to first content.</param>
    /// <param name="forP95">Whether its latency counts for p95.</param>
    public void Success(long generation, double milliseconds, bool forP95)
    {
        Join(OutcomeKind.Success, generation);
        _latencySum += milliseconds;
        if (forP95)
        {
            _buckets[LatencyBuckets.Of(milliseconds)]++;
            _hasBuckets = true;
        }
    }

    /// <summary>An outcome without latency that is no probe's.</summary>
    public void Add(OutcomeKind kind, long generation, string detail)
    {
        if (detail.Length > 0)
        {
            Close();
            _closed.Add(new OutcomeRun { Generation = generation, Kind = kind, Count = 1, Detail = detail });
            return;
        }

        Join(kind, generation);
    }

    /// <summary>A probe's outcome: always a run of its own.</summary>
    public void Probe(OutcomeRun run)
    {
        Close();
        _closed.Add(run);
    }

    /// <summary>Takes everything out.</summary>
    public IReadOnlyList<OutcomeRun> Take()
    {
        Close();
        OutcomeRun[] taken = [.. _closed];
        _closed.Clear();
        return taken;
    }

    /// <summary>Drops the oldest runs beyond <paramref name="most"/>; says how many.</summary>
    public int Trim(int most)
    {
        var excess = Math.Min(_closed.Count, Count - most);
        if (excess <= 0)
        {
            return 0;
        }

        _closed.RemoveRange(0, excess);
        return excess;
    }

    private void Join(OutcomeKind kind, long generation)
    {
        if (_count > 0 && (_kind != kind || _generation != generation))
        {
            Close();
        }

        (_kind, _generation) = (kind, generation);
        _count++;
    }

    private void Close()
    {
        if (_count == 0)
        {
            return;
        }

        _closed.Add(new OutcomeRun
        {
            Generation = _generation,
            Kind = _kind,
            Count = _count,
            MeanLatencyMs = _kind == OutcomeKind.Success ? _latencySum / _count : 0,
            Histogram = TakeBuckets(),
        });
        (_count, _latencySum) = (0, 0);
    }

    private List<(int Bucket, int Count)> TakeBuckets()
    {
        if (!_hasBuckets)
        {
            return [];
        }

        var taken = new List<(int Bucket, int Count)>();
        for (var bucket = 0; bucket < _buckets.Length; bucket++)
        {
            if (_buckets[bucket] > 0)
            {
                taken.Add((bucket, _buckets[bucket]));
            }
        }

        Array.Clear(_buckets);
        _hasBuckets = false;
        return taken;
    }
}
