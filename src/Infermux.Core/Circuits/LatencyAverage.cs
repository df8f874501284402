namespace Infermux.Core.Circuits;

/// <summary>Exponentially weighted average of the time to first content. The new sample weighs <c>1 - ewma_decay</c>.</summary>
/// <param name="Milliseconds">The average; null without a sample.</param>
/// <param name="Samples">Samples it is made of.</param>
/// <param name="LastSample">When the last one came.</param>
public readonly record struct LatencyAverage(double? Milliseconds, long Samples, DateTimeOffset? LastSample)
{
    /// <summary>The average after <paramref name="count"/> samples whose mean is <paramref name="mean"/> ms: moved as by that many samples of the mean.</summary>
    public LatencyAverage After(int count, double mean, double decay, DateTimeOffset now)
    {
        if (count < 1 || !double.IsFinite(mean) || mean < 0)
        {
            return this;
        }

        var moved = Milliseconds is { } old ? mean + ((old - mean) * Math.Pow(decay, count)) : mean;
        return new(moved, Samples + count, now);
    }

    /// <summary>
    /// Whether a provider's average may be compared: at least <paramref name="minSamples"/> samples, the last one within <paramref name="window"/>. Otherwise it
    /// counts as under <c>min_samples</c>, so that one that was slow once is tried again.
    /// </summary>
    public static bool IsKnown(long samples, DateTimeOffset? lastSample, int minSamples, TimeSpan window, DateTimeOffset now) =>
        samples >= Math.Max(1, minSamples) && lastSample is { } last && now - last <= window;
}
