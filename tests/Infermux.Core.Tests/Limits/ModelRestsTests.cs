using CsCheck;
using Infermux.Core.Failures;
using Infermux.Core.Limits;
using Xunit;

namespace Infermux.Core.Tests.Limits;

public sealed class ModelRestsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static ModelRests New() => new(new Random(1));

    private static TimeSpan Left(ModelRests rests, DateTimeOffset now) => Assert.Single(rests.At(now)).Until - now;

    [Theory]
    [InlineData(7, 7)]
    [InlineData(600, 600)]
    [InlineData(86_400, 600)]
    public void RateLimited_WithRetryAfter_RestsThatLongTenMinutesAtMost(int said, int expected)
    {
        var rests = New();
        Assert.True(rests.Add("m", RestReason.RateLimited, TimeSpan.FromSeconds(said), Now));
        Assert.Equal(TimeSpan.FromSeconds(expected), Left(rests, Now));
        Assert.Empty(rests.At(Now.AddSeconds(expected)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(-5)]
    public void RateLimited_WithoutAUsableTime_DoublesFromOneSecondToThirty(int? said)
    {
        var rests = New();
        var now = Now;
        foreach (var expected in new[] { 1, 2, 4, 8, 16, 30, 30 })
        {
            Assert.True(rests.Add("m", RestReason.RateLimited, said is { } s ? TimeSpan.FromSeconds(s) : null, now));
            var left = Left(rests, now);
            Assert.InRange(left.TotalSeconds, expected * 0.9, expected * 1.1);
            Assert.False(rests.Add("m", RestReason.RateLimited, null, now)); // the same burst
            now += left;
        }

        rests.Add("m", RestReason.RateLimited, null, now.AddMinutes(2));
        Assert.InRange(Left(rests, now.AddMinutes(2)).TotalSeconds, 0.9, 1.1);
    }

    [Fact]
    public void QuotaExhausted_AnyHint_RestsFiveMinutes()
    {
        var rests = New();
        rests.Add("m", RestReason.QuotaExhausted, TimeSpan.FromSeconds(1), Now);
        Assert.Equal(TimeSpan.FromMinutes(5), Left(rests, Now));
    }

    [Fact]
    public void Rests_AnyHints_DeadlinesOnlyMoveOutAndStayWithinTenMinutes() =>
        Gen.Select(Gen.Int[0, 3], Gen.Bool, Gen.Int[-10, 2_000], Gen.Int[0, 120]).Array[1, 50].Sample(hints =>
        {
            var rests = New();
            var now = Now;
            var latest = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
            foreach (var (model, quota, said, step) in hints)
            {
                now = now.AddSeconds(step);
                var name = $"model-{model}";
                rests.Add(name, quota ? RestReason.QuotaExhausted : RestReason.RateLimited, TimeSpan.FromSeconds(said), now);
                foreach (var rest in rests.At(now))
                {
                    Assert.True(rest.Until >= latest.GetValueOrDefault(rest.TargetModel) && rest.Until <= now + ModelRests.Longest);
                    latest[rest.TargetModel] = rest.Until;
                }

                Assert.Contains(rests.At(now), r => r.TargetModel.Equals(name, StringComparison.Ordinal));
            }
        });
}
