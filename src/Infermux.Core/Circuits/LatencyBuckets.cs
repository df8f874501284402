namespace Infermux.Core.Circuits;

/// <summary>
/// The buckets of every latency histogram: each 9 % wider than the one before, from 1 ms to some three hours, so that histograms of many gateways add up
/// and a quantile read from them is at most 4.5 % off. Bucket 0 holds what is under 1 ms; the last one everything beyond. The numbers travel: never change the widths.
/// </summary>
public static class LatencyBuckets
{
    /// <summary>How many there are.</summary>
    public const int Count = 192;

    private const double Growth = 1.09;
    private static readonly double[] Lower = LowerBounds();

    /// <summary>The bucket of a latency in ms; what is negative or not a number goes into bucket 0.</summary>
    public static int Of(double milliseconds)
    {
        if (!(milliseconds >= 1))
        {
            return 0;
        }

        var found = Array.BinarySearch(Lower, milliseconds);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>The latency, in ms, from which this bucket counts.</summary>
    public static double LowerBound(int bucket) => Lower[bucket];

    /// <summary>The latency, in ms, that stands for all of this bucket: its geometric middle.</summary>
    public static double Middle(int bucket) => bucket == 0 ? 0.5 : Lower[bucket] * Math.Sqrt(Growth);

    private static double[] LowerBounds()
    {
        var lower = new double[Count];
        for (var bucket = 1; bucket < Count; bucket++)
        {
            lower[bucket] = Math.Pow(Growth, bucket - 1);
        }

        return lower;
    }
}
