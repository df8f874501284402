using CsCheck;
using Infermux.Core.Routing;
using Xunit;

namespace Infermux.Core.Tests.Routing;

public sealed class CompletionStatisticsTests
{
    [Fact]
    public void Mean_WithoutSample_IsNull()
    {
        var statistics = new CompletionStatistics();
        Assert.Null(statistics.Mean("c", "m"));
        Assert.Null(statistics.LikelyMost("c", "m"));
    }

    [Fact]
    public void Mean_FewSamples_IsThePlainMeanAndSigma() => Gen.Int[0, 10_000].Array[1, 50].Sample(samples =>
    {
        var statistics = new CompletionStatistics();
        foreach (var sample in samples)
        {
            statistics.Observe("c", "m", sample);
        }

        var mean = samples.Average();
        var sigma = Math.Sqrt(samples.Average(sample => (sample - mean) * (sample - mean)));
        Assert.Equal(mean, statistics.Mean("c", "m")!.Value, tolerance: 0.01);
        Assert.Equal(mean + (3 * sigma), statistics.LikelyMost("c", "m")!.Value, tolerance: 0.01);
    });

    [Fact]
    public void Mean_CallersAndModels_AreKeptApart()
    {
        var statistics = new CompletionStatistics();
        statistics.Observe("c", "m", 10);
        statistics.Observe("d", "m", 20);
        statistics.Observe("c", "n", 30);
        Assert.Equal((10d, 20d, 30d), (statistics.Mean("c", "m"), statistics.Mean("d", "m"), statistics.Mean("c", "n")));
    }

    [Fact]
    public void Mean_AfterAChange_Follows()
    {
        var statistics = new CompletionStatistics();
        for (var i = 0; i < 1_000; i++)
        {
            statistics.Observe("c", "m", i < 500 ? 100 : 1_000);
        }

        Assert.InRange(statistics.Mean("c", "m")!.Value, 990, 1_000);
    }

    [Fact]
    public void Size_ManyPairs_KeepsTheOnesInUse()
    {
        var statistics = new CompletionStatistics(capacity: 10);
        statistics.Observe("loyal", "m", 7);
        for (var i = 0; i < 1_000; i++)
        {
            statistics.Observe($"c{i}", "m", 1);
            Assert.Equal(7, statistics.Mean("loyal", "m"));
        }

        Assert.InRange(Enumerable.Range(0, 1_000).Count(i => statistics.Mean($"c{i}", "m") is not null), 1, 20);
    }
}
