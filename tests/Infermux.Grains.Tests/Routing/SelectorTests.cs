using Infermux.Core.Configuration;
using Infermux.Grains.Contracts.Providers;
using Infermux.Grains.Contracts.Routing;
using Xunit;

namespace Infermux.Grains.Tests.Routing;

public sealed class SelectorTests
{
    [Fact]
    public async Task Select_NothingKnown_TakesTheFirstWithoutAskingAnybody()
    {
        var lab = new RouterLab(RouterLab.Options("a", "b"));
        var selecting = lab.SelectAsync();
        Assert.True(selecting.IsCompletedSuccessfully, "an unbudgeted selection must not wait");
        var selection = await selecting;
        Assert.Equal((SelectionOutcome.Selected, "a", "m", "priority", "0"), (selection.Outcome, selection.Provider, selection.TargetModel, selection.Strategy, selection.ConfigurationHash));
        Assert.Equal([new("a", "selected"), new("b", "not_preferred")], selection.Candidates);
        Assert.Null(selection.Hold);
        Assert.Empty(lab.Owner("a").Admits);
    }

    [Fact]
    public async Task Select_AfterAView_FollowsItAtOnce()
    {
        var lab = new RouterLab(RouterLab.Options("a", "b"));
        var until = lab.Time.GetUtcNow().AddMinutes(1);
        await lab.ShowAsync("a", view => view with { Circuit = CircuitState.Open, RecoveryAt = until });
        await lab.ShowAsync("b", view => view with { Generation = 5 });
        var selection = await lab.SelectAsync();
        Assert.Equal(("b", 5), (selection.Provider, selection.Generation));
        Assert.Equal([new("b", "selected"), new("a", "circuit_open", null, until)], selection.Candidates);
    }

    [Fact]
    public async Task Select_NobodyServesIt_ListsNearNames()
    {
        var options = RouterLab.Options("a");
        var lab = new RouterLab(options with { Providers = [options.Providers[0] with { Models = ["gpt-4o-mini"] }] });
        var selection = await lab.SelectAsync(lab.Ask() with { Model = "gpt4o-mini" });
        Assert.Equal(SelectionOutcome.ModelNotFound, selection.Outcome);
        Assert.Equal(["gpt-4o-mini"], selection.NearModels);
    }

    [Fact]
    public async Task Select_OnlyRestsAndLimitsInTheWay_Is429WithTheirEnd()
    {
        var lab = new RouterLab(RouterLab.Options("a"));
        await lab.ShowAsync("a", view => view with { Rests = [new ModelRest("m", lab.Time.GetUtcNow().AddSeconds(20), "rate_limited")] });
        var selection = await lab.SelectAsync();
        Assert.Equal(SelectionOutcome.RateLimited, selection.Outcome);
        Assert.InRange(selection.RetryAfter!.Value.TotalSeconds, 15, 20);
    }

    [Fact]
    public async Task Admit_LimitedProvider_AsksItsOwnerAndKeepsItsGeneration()
    {
        var lab = new RouterLab(Limited("a", "b"));
        var request = lab.Ask() with { MaxTokens = 50 };
        var selection = await lab.SelectAsync(request);
        Assert.Equal(("a", 7), (selection.Provider, selection.Generation));
        Assert.Equal([new AdmitRequest(request.Operation, 1, 250_050, false, false)], lab.Owner("a").Admits); // its clock is not known yet
    }

    [Fact]
    public async Task Admit_ByAnOwnerWithASuccessor_IsNotUsed()
    {
        var lab = new RouterLab(Limited("a", "b"));
        await lab.ShowAsync("a", view => view with { Incarnation = 9 });
        lab.Owner("a").Admit = _ => Task.FromResult(new Admission(true, "", null, 7, Guid.NewGuid(), Incarnation: 8));
        Assert.Equal("b", (await lab.SelectAsync()).Provider);
        Assert.Equal(9, Assert.Single(lab.Owner("a").Admits).Incarnation);
    }

    [Fact]
    public async Task Admit_Refused_TakesTheNextInTheSameCall()
    {
        var lab = new RouterLab(Limited("a", "b"));
        var until = lab.Time.GetUtcNow().AddSeconds(8);
        lab.Owner("a").Admit = _ => Task.FromResult(new Admission(false, "rate_limited", until, 7, null));
        var selection = await lab.SelectAsync();
        Assert.Equal("b", selection.Provider);
        Assert.Equal([new("a", "rate_limited", null, until), new("b", "selected")], selection.Candidates);
    }

    [Fact]
    public async Task Admit_EverybodyFull_Is429()
    {
        var lab = new RouterLab(Limited("a"));
        lab.Owner("a").Admit = _ => Task.FromResult(new Admission(false, "max_concurrency", null, 7, null));
        Assert.Equal(SelectionOutcome.RateLimited, (await lab.SelectAsync()).Outcome);
    }

    [Fact]
    public async Task Admit_NoAnswerIn300Ms_TakesTheNext()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        var lab = new RouterLab(Limited("a", "b"), time);
        lab.Owner("a").Admit = _ => new TaskCompletionSource<Admission>().Task;
        var selecting = lab.SelectAsync();
        Assert.False(selecting.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(299));
        Assert.False(selecting.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        var selection = await selecting;
        Assert.Equal(("b", "not_admitted"), (selection.Provider, selection.Candidates[0].Verdict));
        Assert.Equal(Assert.Single(lab.Owner("a").Admits).Operation, Assert.Single(lab.Owner("a").Releases).Operation);
    }

    [Fact]
    public async Task HalfOpen_TwoHundredAtOnce_OneAsksAndTheRestGoElsewhere()
    {
        var lab = new RouterLab(RouterLab.Options("a", "b"));
        var (answer, permit) = (new TaskCompletionSource<Admission>(), Guid.NewGuid());
        lab.Owner("b").Admit = _ => answer.Task;
        await lab.ShowAsync("b", view => view with { Circuit = CircuitState.HalfOpen });
        var selecting = Enumerable.Range(0, 200).Select(_ => lab.SelectAsync().AsTask()).ToArray();
        answer.SetResult(new Admission(true, "", null, 9, permit));
        var selections = await Task.WhenAll(selecting);
        Assert.Single(lab.Owner("b").Admits);
        var probe = Assert.Single(selections, selection => selection.Provider == "b");
        Assert.Equal((9, permit, new CircuitOptions().ProbeTimeout), (probe.Generation, probe.ProbePermit, probe.ProbeTimeout));
        Assert.All(selections.Where(selection => selection.Provider == "a"), selection => Assert.Equal("probe_out", selection.Candidates[0].Verdict));

        Assert.Equal("a", (await lab.SelectAsync()).Provider); // the owner's new view is still on its way
        Assert.Single(lab.Owner("b").Admits);
        await lab.ShowAsync("b", view => view with { ProbeOutUntil = null });
        await lab.SelectAsync();
        Assert.Equal(2, lab.Owner("b").Admits.Count);
    }

    [Fact]
    public async Task HalfOpen_OwnerRefusesWithoutANewView_IsAskedAgainAfterASecond()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        var lab = new RouterLab(RouterLab.Options("a", "b"), time);
        lab.Owner("b").Admit = _ => Task.FromResult(new Admission(false, "rate_limited", null, 9, null));
        await lab.ShowAsync("b", view => view with { Circuit = CircuitState.HalfOpen });
        await lab.SelectAsync();
        await lab.SelectAsync();
        Assert.Single(lab.Owner("b").Admits);
        time.Advance(TimeSpan.FromSeconds(1));
        await lab.SelectAsync();
        Assert.Equal(2, lab.Owner("b").Admits.Count);
    }

    [Fact]
    public async Task Exploring_OwnerSaysSomebodyElseDoes_GoesBackToItsOldPlace()
    {
        var lab = new RouterLab(RouterLab.Options("slow", "fast") with { Routing = new RoutingOptions { Strategy = RoutingStrategy.LeastLatency } });
        var now = lab.Time.GetUtcNow();
        await lab.ShowAsync("slow", view => view with { LatencyMs = 900, Samples = 50, LastSample = now.AddHours(-1) });
        await lab.ShowAsync("fast", view => view with { LatencyMs = 100, Samples = 50, LastSample = now });
        var exploring = await lab.SelectAsync();
        Assert.Equal("slow", exploring.Provider);
        Assert.True(Assert.Single(lab.Owner("slow").Admits).Exploratory);

        await lab.ShowAsync("slow", view => view);
        lab.Owner("slow").Admit = _ => Task.FromResult(new Admission(false, "not_admitted", null, 7, null));
        var selection = await lab.SelectAsync();
        Assert.Equal(("fast", 100d), (selection.Provider, selection.Candidates[0].Score!.Value));
        Assert.Equal(new CandidateVerdict("slow", "not_preferred", 900), selection.Candidates[1]);
    }

    [Fact]
    public async Task Reload_NewConfiguration_IsUsedByTheNextSelectionAndKeepsViews()
    {
        var lab = new RouterLab(RouterLab.Options("a", "b"));
        await lab.ShowAsync("a", view => view with { Healthy = false });
        lab.Configuration.Reload(RouterLab.Options("c", "a"));
        var selection = await lab.SelectAsync();
        Assert.Equal(("c", "1"), (selection.Provider, selection.ConfigurationHash));
        Assert.Equal([new("c", "selected"), new("a", "unhealthy")], selection.Candidates);
    }

    private static InfermuxOptions Limited(params string[] providers)
    {
        var options = RouterLab.Options(providers);
        return options with { Providers = [.. options.Providers.Select(provider => provider with { MaxConcurrency = 5 })] };
    }
}
