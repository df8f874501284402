using CsCheck;
using Infermux.Core.Circuits;
using Xunit;

namespace Infermux.Core.Tests.Circuits;

public sealed class OutcomeWindowTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, 123, TimeSpan.Zero);

    private static readonly Gen<(int StepMs, int Successes, int Faults, double LatencyMs)[]> Histories =
        Gen.Select(Gen.OneOf(Gen.Int[0, 900], Gen.Int[0, 20_000], Gen.Int[0, 300_000]), Gen.Int[0, 5], Gen.Int[0, 5], Gen.Double[1, 60_000]).Array[1, 100];

    [Fact]
    public void Counts_AnyHistory_EqualANaiveModel() => Gen.Select(Histories, Gen.Int[1, 300]).Sample((history, seconds) =>
    {
        var window = new OutcomeWindow(TimeSpan.FromSeconds(seconds), Start);
        var buckets = Math.Min(60, seconds);
        var width = Math.Ceiling(seconds * 1000.0 / buckets);
        var naive = new List<(double Bucket, int Successes, int Faults, double Latency)>();
        var now = Start;
        foreach (var (step, successes, faults, latency) in history)
        {
            now = now.AddMilliseconds(step);
            window.Book(successes, faults, now);
            window.BookLatency(LatencyBuckets.Of(latency), 1, now);
            var bucket = Math.Floor(now.ToUnixTimeMilliseconds() / width);
            naive.Add((bucket, successes, faults, latency));
            var inside = naive.Where(n => n.Bucket > bucket - buckets).ToList();
            Assert.Equal(inside.Sum(n => n.Successes + n.Faults), window.Verdicts(now));
            Assert.Equal(inside.Sum(n => n.Faults), window.Faults(now));
            Assert.Equal(inside.Count, window.LatencySamples(now));
            var p95 = inside.Select(n => LatencyBuckets.Of(n.Latency)).Order().ElementAt((int)Math.Ceiling(0.95 * inside.Count) - 1);
            Assert.Equal(LatencyBuckets.Middle(p95), window.P95(now));
        }
    });

    [Fact]
    public void Counts_ClockStepsBack_AreKeptAndLeaveWithTheNewestBucket()
    {
        var window = new OutcomeWindow(TimeSpan.FromSeconds(10), Start);
        window.Book(1, 0, Start);
        window.Book(0, 1, Start.AddSeconds(-5));
        Assert.Equal(2, window.Verdicts(Start));
        Assert.Equal(0, window.Verdicts(Start.AddSeconds(10)));
    }

    [Fact]
    public void ErrorRate_NoVerdicts_IsZero() => Assert.Equal(0, new OutcomeWindow(TimeSpan.FromSeconds(60), Start).ErrorRate(Start));
}
