using CsCheck;
using Infermux.Core.Circuits;
using Xunit;

namespace Infermux.Core.Tests.Circuits;

public sealed class LatencyTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Buckets_AnyLatency_LieInABucketAtMostTenPercentWide() => Gen.Double[1, 9_000_000].Sample(ms =>
    {
        var bucket = LatencyBuckets.Of(ms);
        var (low, high) = (LatencyBuckets.LowerBound(bucket), LatencyBuckets.LowerBound(bucket + 1));
        return low <= ms && ms < high && high <= low * 1.1 && LatencyBuckets.Middle(bucket) > low && LatencyBuckets.Middle(bucket) < high;
    });

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(0.99)]
    [InlineData(double.NaN)]
    public void Buckets_UnderOneMillisecond_IsBucketZero(double ms) => Assert.Equal(0, LatencyBuckets.Of(ms));

    [Fact]
    public void Buckets_BeyondAllBounds_IsTheLastBucket()
    {
        Assert.Equal(LatencyBuckets.Count - 1, LatencyBuckets.Of(double.PositiveInfinity));
        Assert.Equal(LatencyBuckets.Count - 1, LatencyBuckets.Of(1e12));
    }

    [Fact]
    public void Histogram_AnyShare_IsWithinABucketOfTheTrueQuantile() =>
        Gen.Select(Gen.Double[1, 100_000].Array[1, 200], Gen.Double[0.01, 1]).Sample((samples, share) =>
        {
            var histogram = new LatencyHistogram();
            Array.ForEach(samples, s => histogram.Add(LatencyBuckets.Of(s), 1));
            var truth = samples.Order().ElementAt((int)Math.Max(1, Math.Ceiling(share * samples.Length)) - 1);
            return LatencyBuckets.Of(histogram.Quantile(share)!.Value) == LatencyBuckets.Of(truth);
        });

    [Fact]
    public void Histogram_WhatWasAddedAndTakenOut_LeavesTheRest() =>
        Gen.Select(Gen.Int[0, LatencyBuckets.Count - 1].Array[0, 50], Gen.Int[0, LatencyBuckets.Count - 1].Array[1, 50]).Sample((gone, kept) =>
        {
            var (all, part, rest) = (new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram());
            Array.ForEach(gone, b => { all.Add(b, 2); part.Add(b, 2); });
            Array.ForEach(kept, b => { all.Add(b, 1); rest.Add(b, 1); });
            all.TakeOut(part);
            return all.Total == rest.Total && part.Total == 0 && all.Quantile(0.5) == rest.Quantile(0.5) && all.Quantile(1) == rest.Quantile(1);
        });

    [Fact]
    public void Average_BatchOfEqualSamples_MovesAsThatManySingleSamples() =>
        Gen.Select(Gen.Double[1, 10_000], Gen.Int[1, 50], Gen.Double[1, 10_000], Gen.Double[0, 0.99]).Sample((start, count, mean, decay) =>
        {
            var before = new LatencyAverage().After(1, start, decay, Now);
            var singly = before;
            for (var i = 0; i < count; i++)
            {
                singly = singly.After(1, mean, decay, Now);
            }

            var batch = before.After(count, mean, decay, Now);
            return Math.Abs(batch.Milliseconds!.Value - singly.Milliseconds!.Value) < 1e-6 && batch.Samples == singly.Samples;
        });

    [Fact]
    public void Average_NewSample_WeighsOneMinusDecay() =>
        Assert.Equal(190, new LatencyAverage().After(1, 100, 0.1, Now).After(1, 200, 0.1, Now).Milliseconds!.Value, 1e-9);

    [Fact]
    public void Average_BadSamples_ChangeNothing()
    {
        var before = new LatencyAverage(100, 3, Now);
        Assert.Equal(before, before.After(0, 5, 0.1, Now));
        Assert.Equal(before, before.After(1, double.NaN, 0.1, Now));
        Assert.Equal(before, before.After(1, -1, 0.1, Now));
    }

    [Theory]
    [InlineData(4, 0, false)]
    [InlineData(5, 0, true)]
    [InlineData(5, 60, true)]
    [InlineData(5, 61, false)]
    public void IsKnown_TooFewOrTooOldSamples_CountAsUnderMinSamples(long samples, int age, bool expected) =>
        Assert.Equal(expected, LatencyAverage.IsKnown(samples, Now.AddSeconds(-age), 5, TimeSpan.FromSeconds(60), Now));
}
