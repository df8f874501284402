using System.Collections.Concurrent;

namespace Infermux.Core.Routing;

/// <summary>
/// How many completion tokens requests of a caller for a model usually take, for one choice. The mean runs: after 50 samples each new one weighs 2 %. Bounded:
/// of the pairs beyond <c>capacity</c> those are forgotten that were neither fed nor asked for longest. Thread-safe.
/// </summary>
/// <param name="capacity">Pairs in the young generation; at most twice as many are kept. Default 10,000.</param>
public sealed class CompletionStatistics(int capacity = 10_000)
{
    private readonly Lock _turnover = new();
    private volatile ConcurrentDictionary<(string Caller, string Model), RunningMean> _young = new();
    private volatile ConcurrentDictionary<(string Caller, string Model), RunningMean> _old = new();
    private int _youngCount;

    /// <summary>Takes one sample: completion tokens of an answer, divided by its choices. Negative ones are ignored.</summary>
    /// <param name="caller">Who was charged.</param>
    /// <param name="model">The model the caller asked for.</param>
    /// <param name="tokens">Completion tokens, reasoning included.</param>
    public void Observe(string caller, string model, long tokens)
    {
        if (tokens >= 0)
        {
            (Find(caller, model) ?? Add(caller, model)).Take(tokens);
        }
    }

    /// <summary>The mean, null without a sample.</summary>
    public double? Mean(string caller, string model) => Find(caller, model)?.Mean;

    /// <summary>Mean + 3σ, null without a sample.</summary>
    public double? LikelyMost(string caller, string model) => Find(caller, model)?.LikelyMost;

    private RunningMean? Find(string caller, string model)
    {
        if (_young.TryGetValue((caller, model), out var found))
        {
            return found;
        }

        return _old.TryGetValue((caller, model), out found) ? Keep((caller, model), found) : null;
    }

    private RunningMean Add(string caller, string model) => Keep((caller, model), new RunningMean());

    private RunningMean Keep((string, string) key, RunningMean mean)
    {
        lock (_turnover)
        {
            if (_youngCount >= capacity)
            {
                (_old, _young, _youngCount) = (_young, new(), 0);
            }

            if (_young.TryAdd(key, mean))
            {
                _youngCount++;
                return mean;
            }

            return _young[key];
        }
    }

    private sealed class RunningMean
    {
        private const double LeastWeight = 0.02;
        private readonly Lock _sample = new();
        private long _samples;
        private double _mean;
        private double _variance;

        public double? Mean
        {
            get
            {
                lock (_sample)
                {
                    return _samples == 0 ? null : _mean;
                }
            }
        }

        public double? LikelyMost
        {
            get
            {
                lock (_sample)
                {
                    return _samples == 0 ? null : _mean + (3 * Math.Sqrt(_variance));
                }
            }
        }

        public void Take(long tokens)
        {
            lock (_sample)
            {
                var weight = Math.Max(1d / ++_samples, LeastWeight);
                var off = tokens - _mean;
                _mean += weight * off;
                _variance = (1 - weight) * (_variance + (weight * off * off));
            }
        }
    }
}
