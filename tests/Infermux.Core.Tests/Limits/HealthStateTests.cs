using Infermux.Core.Configuration;
using Infermux.Core.Limits;
using Xunit;

namespace Infermux.Core.Tests.Limits;

public sealed class HealthStateTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly HealthCheckOptions Options = new();

    [Fact]
    public void Checks_NoneYetOrOneFailure_ArePresumedHealthy()
    {
        Assert.False(default(HealthState).Excludes(null, Options, Now));
        Assert.False(default(HealthState).After(alive: false, Now).Excludes(null, Options, Now));
    }

    [Fact]
    public void Checks_TwoFailuresInARow_ExcludeUntilOnePasses()
    {
        var failing = default(HealthState).After(alive: false, Now).After(alive: false, Now);
        Assert.True(failing.Excludes(null, Options, Now));
        Assert.False(failing.After(alive: true, Now).Excludes(null, Options, Now));
    }

    [Fact]
    public void Checks_AFailureBetweenSuccesses_DoesNotAddUp() =>
        Assert.False(default(HealthState).After(alive: false, Now).After(alive: true, Now).After(alive: false, Now).Failing);

    [Theory]
    [InlineData(0, false)]
    [InlineData(59, false)]
    [InlineData(60, true)]
    public void Excludes_LiveSuccessWithinTheInterval_OverrulesTheChecks(int age, bool expected) =>
        Assert.Equal(expected, new HealthState(2, Now).Excludes(Now.AddSeconds(-age), Options, Now));

    [Theory]
    [InlineData(0, 60)]
    [InlineData(1, 1)]
    [InlineData(2, 5)]
    public void NextAfter_Failures_AreConfirmedAfterOneSecondAndRecheckedEachFive(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new HealthState(failures, Now).NextAfter(Options));

    [Fact]
    public void NextAfter_ShorterInterval_Wins() =>
        Assert.Equal(TimeSpan.FromSeconds(2), new HealthState(2, Now).NextAfter(new HealthCheckOptions { Interval = TimeSpan.FromSeconds(2) }));
}
