using CsCheck;
using Infermux.Core.Clocks;
using Xunit;

namespace Infermux.Core.Tests.Clocks;

public sealed class RemoteClockTests
{
    private static readonly DateTimeOffset Epoch = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Hear_AnyDelays_IsNeverOffByMoreThanHalfTheShortestRoundTrip() =>
        Gen.Select(Gen.Int[-7_200, 7_200], Gen.Select(Gen.Int[0, 900], Gen.Int[0, 900]).Array[1, 40]).Sample((ahead, delays) =>
        {
            var (offset, uptime, shortest, clock) = (TimeSpan.FromSeconds(ahead), TimeSpan.Zero, TimeSpan.MaxValue, (RemoteClock?)null);
            foreach (var (there, back) in delays)
            {
                var asked = uptime += TimeSpan.FromMilliseconds(100);
                var told = Epoch + offset + asked + TimeSpan.FromMilliseconds(there);
                uptime += TimeSpan.FromMilliseconds(there + back);
                clock = RemoteClock.Hear(clock, told, asked, uptime);
                shortest = clock!.At < asked ? shortest : clock.RoundTrip;
                Assert.InRange(clock.Now(uptime) - (Epoch + offset + uptime), -shortest / 2, shortest / 2);
            }
        });

    [Fact]
    public void Hear_ShorterRoundTrip_IsKeptOverLongerOnesUntilItAges()
    {
        var clock = RemoteClock.Hear(null, Epoch, Ms(0), Ms(10));
        Assert.Same(clock, RemoteClock.Hear(clock, Epoch + Ms(1_300), Ms(1_000), Ms(1_600)));
        Assert.NotSame(clock, RemoteClock.Hear(clock, Epoch + Ms(1_003), Ms(1_000), Ms(1_006)));
        var aged = RemoteClock.Hear(clock, Epoch + Ms(40_300), Ms(40_000), Ms(40_600));
        Assert.Equal(Epoch + Ms(40_300), aged!.Told);
    }

    [Fact]
    public void Hear_ClockThatWasSet_IsBelievedAtOnce()
    {
        var clock = RemoteClock.Hear(null, Epoch, Ms(0), Ms(10));
        var ahead = RemoteClock.Hear(clock, Epoch.AddHours(1), Ms(1_000), Ms(1_600));
        Assert.Equal(Epoch.AddHours(1) + Ms(300), ahead!.Now(Ms(1_600)));
        Assert.Equal(Epoch, RemoteClock.Hear(ahead, Epoch, Ms(2_000), Ms(2_600))!.Told);
    }

    [Fact]
    public void Hear_AnswerThatTookLongerThanTwoSeconds_TeachesNothing()
    {
        Assert.Null(RemoteClock.Hear(null, Epoch, Ms(0), Ms(2_001)));
        var clock = RemoteClock.Hear(null, Epoch, Ms(0), Ms(10));
        Assert.Same(clock, RemoteClock.Hear(clock, Epoch.AddHours(1), Ms(100_000), Ms(130_000))); // it lay in a frozen process
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
