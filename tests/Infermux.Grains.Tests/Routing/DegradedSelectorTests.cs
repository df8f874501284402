using Infermux.Core.Circuits;
using Infermux.Core.Configuration;
using Infermux.Grains.Contracts.Providers;
using Infermux.Grains.Contracts.Routing;
using Infermux.Grains.Routing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Infermux.Grains.Tests.Routing;

public sealed class DegradedSelectorTests
{
    private static readonly Guid Gateway = Guid.NewGuid();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private (RouterLab Lab, DegradedSelector Selector) Lab(InfermuxOptions options)
    {
        var lab = new RouterLab(options, _clock);
        return (lab, new DegradedSelector(
            new RoutingWorlds(lab.Configuration), lab.Views, lab.Acting, _clock, new Random(1), NullLogger<DegradedSelector>.Instance));
    }

    private static Selection Select(RouterLab lab, DegradedSelector selector) => selector.Choose(lab.Ask(), static _ => 0);

    [Fact]
    public void Begin_OnlyWhereNobodyWasHeardMeanwhile()
    {
        var (_, selector) = Lab(RouterLab.Options("a"));
        var heard = selector.Heard;
        selector.Answered();
        Assert.False(selector.Begin(heard));
        Assert.False(selector.IsOn);
        Assert.True(selector.Begin(selector.Heard));
        Assert.True(selector.IsOn);
    }

    [Fact]
    public async Task ANewerView_EndsIt_AnOlderOneDoesNot()
    {
        var (lab, selector) = Lab(RouterLab.Options("a"));
        await lab.ShowAsync("a", view => view);
        Assert.True(selector.Begin(selector.Heard));
        await lab.Views.ChangedAsync(lab.Owner("a").View with { Sequence = 0 });
        Assert.True(selector.IsOn);
        await lab.ShowAsync("a", view => view);
        Assert.False(selector.IsOn);
    }

    [Fact]
    public async Task Select_GoesByTheLastViewsAndSaysThatItIsDegraded()
    {
        var (lab, selector) = Lab(RouterLab.Options("a", "b"));
        await lab.ShowAsync("a", view => view with { Circuit = CircuitState.Open, Generation = 8, RecoveryAt = _clock.GetUtcNow().AddSeconds(20) });
        selector.Begin(selector.Heard);
        var selection = Select(lab, selector);
        Assert.Equal((SelectionOutcome.Selected, "b", true), (selection.Outcome, selection.Provider, selection.Degraded));
        Assert.Contains(selection.Candidates, candidate => candidate is { Provider: "a", Verdict: "circuit_open" });
        Assert.Empty(lab.Owner("b").Admits);

        _clock.Advance(TimeSpan.FromSeconds(20));
        var probe = Select(lab, selector);
        Assert.Equal(("a", true), (probe.Provider, probe.ProbePermit is not null));
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal("b", Select(lab, selector).Provider));
    }

    [Fact]
    public void OwnFaults_OpenTheCircuitHere()
    {
        var (lab, selector) = Lab(RouterLab.Options("a", "b"));
        selector.Begin(selector.Heard);
        Assert.Equal("a", Select(lab, selector).Provider);
        selector.Tell("a", new OutcomeBatch { Gateway = Gateway, Generation = 0, Outcome = Outcome.Fault, Count = 5 });
        Assert.Equal("b", Select(lab, selector).Provider);
    }

    [Fact]
    public void Limited_Provider_GivesItsShareAndThenTheNext()
    {
        var options = RouterLab.Options("a", "b");
        var (lab, selector) = Lab(options with { Providers = [options.Providers[0] with { RateLimits = new() { RequestsPerMinute = 2 } }, options.Providers[1]] });
        selector.Begin(selector.Heard);
        Assert.Equal(["a", "a", "b"], Enumerable.Range(0, 3).Select(_ => Select(lab, selector).Provider));
        Assert.Empty(lab.Owner("a").Admits);
    }

    [Theory]
    [InlineData(2d, SelectionOutcome.Selected, "a")]
    [InlineData(1.99, SelectionOutcome.Selected, "b")] // the next cheaper one
    [InlineData(0.99, SelectionOutcome.BudgetUnavailable, "")]
    [InlineData(null, SelectionOutcome.BudgetUnavailable, "")] // a gateway that keeps no count
    public void CappedBudget_GoesWhereTheGatewaysCapReaches(double? left, SelectionOutcome expected, string provider)
    {
        var options = RouterLab.Priced(RouterLab.Options("a", "b"), ("a", 1m), ("b", 0.5m));
        var (lab, selector) = Lab(RouterLab.Budgeted(options, BudgetAction.HardStop, OnUnavailable.Capped));
        selector.Begin(selector.Heard);
        var selection = selector.Choose(lab.Ask() with { CappedLeft = (decimal?)left }, static _ => 0);
        Assert.Equal((expected, provider, null), (selection.Outcome, selection.Provider, selection.Hold));
        Assert.Equal(provider switch { "a" => 2m, "b" => 1m, _ => null }, (decimal?)selection.Capped?.Amount);
    }

    [Theory]
    [InlineData(null, SelectionOutcome.BudgetUnavailable)]
    [InlineData(OnUnavailable.Deny, SelectionOutcome.BudgetUnavailable)]
    [InlineData(OnUnavailable.Allow, SelectionOutcome.Selected)]
    public void HardBudget_GoesAsTheFileSays(OnUnavailable? unavailable, SelectionOutcome expected)
    {
        var (lab, selector) = Lab(RouterLab.Budgeted(RouterLab.Options("a"), BudgetAction.HardStop, unavailable));
        selector.Begin(selector.Heard);
        var selection = Select(lab, selector);
        Assert.Equal((expected, true, null), (selection.Outcome, selection.Degraded, selection.Hold));
        Assert.Equal(SelectionOutcome.Selected, selector.Choose(lab.Ask() with { Caller = "nobody's" }, static _ => 0).Outcome);
    }
}
