using CsCheck;
using Infermux.Core.Circuits;
using Infermux.Core.Configuration;
using Xunit;

namespace Infermux.Core.Tests.Circuits;

public sealed class CircuitTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly CircuitOptions Options = new() { RecoveryBackoffMultiplier = 2 };
    private static readonly Guid Permit = Guid.Parse("00000000-0000-0000-0000-000000000001");
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(6);

    private static readonly Circuit.Closed Closed = new(7);
    private static readonly Circuit.Open Open = new(8, Now, Now.AddSeconds(30), 1, OpenReason.ErrorRate);
    private static readonly Circuit.HalfOpen Free = new(9, Now, 2, OpenReason.ErrorRate, null);
    private static readonly Circuit.HalfOpen Probing = Free with { Probe = new Probe(Permit, Now + Life) };

    [Fact]
    public void OpenFor_AnyTripCount_StaysWithinItsBounds() =>
        Gen.Select(Gen.OneOf(Gen.Int[1, 30], Gen.Int[1, int.MaxValue]), Gen.Double[1, 10], Gen.Int[1, 1_000], Gen.Int[0, 1_000]).Sample((trips, factor, window, more) =>
        {
            var options = new CircuitOptions
            {
                RecoveryBackoffMultiplier = factor,
                RecoveryWindow = TimeSpan.FromSeconds(window),
                RecoveryBackoffMax = TimeSpan.FromSeconds(window + more),
            };
            var open = options.OpenFor(trips);
            return open >= options.RecoveryWindow && open <= options.RecoveryBackoffMax;
        });

    [Theory]
    [InlineData(1, 30)]
    [InlineData(2, 60)]
    [InlineData(3, 120)]
    [InlineData(5, 480)]
    [InlineData(6, 600)]
    [InlineData(60, 600)]
    public void OpenFor_MultiplierTwo_DoublesUpToTheCap(int trips, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), Options.OpenFor(trips));

    [Fact]
    public void OpenFor_CapUnderTheWindow_IsTheWindow() =>
        Assert.Equal(TimeSpan.FromSeconds(30), new CircuitOptions { RecoveryBackoffMax = TimeSpan.FromSeconds(1) }.OpenFor(9));

    [Fact]
    public void Closed_Tripped_OpensForTheRecoveryWindow() => Assert.Equal(
        new Circuit.Open(8, Now, Now.AddSeconds(30), 1, OpenReason.LatencyP95), Closed.After(new CircuitEvent.Tripped(OpenReason.LatencyP95), Now, Options));

    [Fact]
    public void Open_ItsTimeHasCome_IsHalfOpenAndNotBefore()
    {
        Assert.Equal(Open, Open.At(Now.AddSeconds(30).AddTicks(-1), Options));
        Assert.Equal(new Circuit.HalfOpen(9, Now, 1, OpenReason.ErrorRate, null), Open.At(Now.AddSeconds(30), Options));
    }

    [Fact]
    public void Open_ProbeWantedOrTrippedAgain_StaysAsItIs()
    {
        Assert.Equal(Open, Open.After(new CircuitEvent.ProbeWanted(Permit, Life), Now, Options));
        Assert.Equal(Open, Open.After(new CircuitEvent.Tripped(OpenReason.Manual), Now, Options));
    }

    [Fact]
    public void HalfOpen_ProbeWantedTwice_IsGrantedOnce()
    {
        var granted = Free.After(new CircuitEvent.ProbeWanted(Permit, Life), Now, Options);
        Assert.Equal(Probing, granted);
        Assert.Equal(Probing, granted.After(new CircuitEvent.ProbeWanted(Guid.NewGuid(), Life), Now, Options));
    }

    [Theory]
    [InlineData(Outcome.Success)]
    [InlineData(Outcome.Neutral)]
    public void HalfOpen_ProbeProvesLife_Closes(Outcome outcome) =>
        Assert.Equal(new Circuit.Closed(10), Probing.After(new CircuitEvent.ProbeEnded(Permit, outcome), Now, Options));

    [Fact]
    public void HalfOpen_ProbeMeetsAFault_OpensForLonger() => Assert.Equal(
        new Circuit.Open(10, Now, Now.AddSeconds(121), 3, OpenReason.ProbeFailed),
        Probing.After(new CircuitEvent.ProbeEnded(Permit, Outcome.Fault), Now.AddSeconds(1), Options));

    [Fact]
    public void HalfOpen_ProbesCallerHangsUp_GivesThePermitToTheNext() =>
        Assert.Equal(Free, Probing.After(new CircuitEvent.ProbeEnded(Permit, Outcome.Cancelled), Now, Options));

    [Fact]
    public void HalfOpen_AnotherPermitsResult_ChangesNothing() =>
        Assert.Equal(Probing, Probing.After(new CircuitEvent.ProbeEnded(Guid.NewGuid(), Outcome.Fault), Now, Options));

    [Fact]
    public void HalfOpen_ProbeNeverReported_OpensAgainWithoutAFurtherStepFromTheMomentItLapsed()
    {
        var lapsed = Now + Life;
        Assert.Equal(new Circuit.Open(10, Now, lapsed.AddSeconds(60), 2, OpenReason.ErrorRate), Probing.At(lapsed, Options));
        Assert.IsType<Circuit.HalfOpen>(Probing.At(lapsed.AddSeconds(60), Options));
    }

    [Fact]
    public void Held_AnyTimePasses_StaysOpenUntilClosedByHand()
    {
        var held = Closed.After(new CircuitEvent.OpenedByHand(Hold: true), Now, Options);
        Assert.Equal(held, held.At(DateTimeOffset.MaxValue, Options));
        Assert.Equal(new Circuit.Closed(9), held.After(new CircuitEvent.ClosedByHand(), Now, Options));
    }

    [Fact]
    public void OpenedByHand_NotHeld_RecoversLikeAnyOther() => Assert.Equal(
        new Circuit.Open(8, Now, Now.AddSeconds(30), 1, OpenReason.Manual), Closed.After(new CircuitEvent.OpenedByHand(Hold: false), Now, Options));

    [Fact]
    public void TagOf_EveryReason_HasItsOwnTag() => Assert.Equal(
        "consecutive_failures error_rate latency_p95 probe_failed manual", string.Join(' ', Enum.GetValues<OpenReason>().Select(CircuitRules.TagOf)));

    [Theory]
    [InlineData(true, false, 5)]
    [InlineData(true, true, 5)]
    [InlineData(false, false, 60)]
    [InlineData(false, true, 5)]
    public void ProbeLimit_WholeAnswers_GetTheirWholeTimeUnlessTheFileSaysOtherwise(bool stream, bool fromFile, int seconds)
    {
        var provider = new ProviderOptions { CircuitBreaker = new CircuitOptions { ProbeTimeoutFromFile = fromFile } };
        Assert.Equal(TimeSpan.FromSeconds(seconds), provider.ProbeLimit(stream));
        Assert.Equal(TimeSpan.FromSeconds(seconds + 1), provider.PermitLife(stream));
    }
}
