using Infermux.Core.Circuits;
using Infermux.Core.Limits;
using Infermux.Grains.Contracts.Providers;
using Xunit;

namespace Infermux.Grains.Tests.Providers;

public sealed class ProviderGrainTests(ProviderCluster cluster) : IClassFixture<ProviderCluster>
{
    private static readonly Guid Gateway = Guid.Parse("00000000-0000-0000-0000-00000000000a");
    private long _number;

    private OutcomeReport Report(params OutcomeRun[] runs) => new() { Gateway = Gateway, Number = ++_number, Runs = runs, Dispatched = runs.Sum(r => r.Count) };

    private static OutcomeRun Run(ProviderView view, OutcomeKind kind, int count = 1, Guid? permit = null) =>
        new() { Generation = view.Generation, Kind = kind, Count = count, MeanLatencyMs = 100, ProbePermit = permit };

    private static AdmitRequest Ask(Guid? operation = null, long tokens = 0, bool exploratory = false) =>
        new(operation ?? Guid.NewGuid(), 1, tokens, Stream: true, exploratory);

    private async Task<ProviderView> TripAsync(string provider)
    {
        await cluster[provider].ReportAsync(Report(Run(await cluster[provider].GetAsync(), OutcomeKind.Fault, 5)));
        var view = await cluster[provider].GetAsync();
        Assert.Equal((CircuitState.Open, "consecutive_failures"), (view.Circuit, view.Reason));
        return view;
    }

    private async Task<ProviderView> TripAndWaitAsync(string provider)
    {
        await TripAsync(provider);
        cluster.Clock.Advance(TimeSpan.FromSeconds(30));
        var view = await cluster[provider].GetAsync();
        Assert.Equal(CircuitState.HalfOpen, view.Circuit);
        return view;
    }

    [Fact]
    public async Task Report_FiveFaultsInARow_PushTheOpenCircuitAtOnce()
    {
        var views = await cluster.WatchAsync("p0");
        await TripAsync("p0");
        var seen = await views.UntilAsync(v => v.Circuit == CircuitState.Open);
        Assert.Equal(cluster.Clock.GetUtcNow().AddSeconds(30), seen.RecoveryAt);
        var refused = await cluster["p0"].AdmitAsync(Ask());
        Assert.Equal((false, "circuit_open", seen.RecoveryAt), (refused.Admitted, refused.Refusal, refused.Until));
    }

    [Fact]
    public async Task Admit_PastItsNotAfter_TakesNoPlace()
    {
        var view = await TripAndWaitAsync("p27");
        var late = await cluster["p27"].AdmitAsync(Ask() with { NotAfter = cluster.Clock.GetUtcNow().AddTicks(-1) });
        Assert.Equal((false, cluster.Clock.GetUtcNow()), (late.Admitted, late.SiloTime));
        var inTime = await cluster["p27"].AdmitAsync(Ask() with { NotAfter = cluster.Clock.GetUtcNow() });
        Assert.Equal((true, view.Generation), (inTime.Admitted, inTime.Generation));
        Assert.NotNull(inTime.ProbePermit);
    }

    [Fact]
    public async Task Report_RepeatedNumber_ChangesNothing()
    {
        var report = Report(Run(await cluster["p1"].GetAsync(), OutcomeKind.Fault, 4));
        await cluster["p1"].ReportAsync(report);
        await cluster["p1"].ReportAsync(report);
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        var view = await cluster["p1"].GetAsync();
        Assert.Equal((CircuitState.Closed, 4, 4), (view.Circuit, view.RequestsLastMinute, view.ErrorsLastMinute));
    }

    [Fact]
    public async Task HalfOpen_TimeHasCome_IsPushedWithoutAnyCall()
    {
        var views = await cluster.WatchAsync("p2");
        await TripAsync("p2");
        await views.UntilAsync(v => v.Circuit == CircuitState.Open);
        cluster.Clock.Advance(TimeSpan.FromSeconds(30));
        var seen = await views.UntilAsync(v => v.Circuit == CircuitState.HalfOpen);
        Assert.Null(seen.ProbeOutUntil);
    }

    [Fact]
    public async Task HalfOpen_TwoHundredParallelAdmits_GiveExactlyOnePermit()
    {
        await TripAndWaitAsync("p3");
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => cluster["p3"].AdmitAsync(Ask()).AsTask()));
        var admitted = Assert.Single(answers, a => a.Admitted);
        Assert.NotNull(admitted.ProbePermit);
        Assert.All(answers.Where(a => !a.Admitted), a => Assert.Equal(("probe_out", cluster.Clock.GetUtcNow().AddSeconds(6)), (a.Refusal, a.Until)));

        var view = await cluster["p3"].GetAsync();
        Assert.Equal(cluster.Clock.GetUtcNow().AddSeconds(6), view.ProbeOutUntil);
        await cluster["p3"].ReportAsync(Report(Run(view, OutcomeKind.Success, permit: admitted.ProbePermit)));
        Assert.Equal(CircuitState.Closed, (await cluster["p3"].GetAsync()).Circuit);
    }

    [Fact]
    public async Task Admit_RepeatedCall_AdmitsOnceWithTheSamePermit()
    {
        await TripAndWaitAsync("p4");
        var ask = Ask();
        var first = await cluster["p4"].AdmitAsync(ask);
        Assert.Equal(first, await cluster["p4"].AdmitAsync(ask));
        Assert.True(first.Admitted);
    }

    [Fact]
    public async Task Probe_NeverReported_OpensAgainAndAdmitsTheNextOneLater()
    {
        await TripAndWaitAsync("p5");
        Assert.True((await cluster["p5"].AdmitAsync(Ask())).Admitted);
        cluster.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(CircuitState.Open, (await cluster["p5"].GetAsync()).Circuit);
        cluster.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.True((await cluster["p5"].AdmitAsync(Ask())).Admitted);
    }

    [Fact]
    public async Task Release_AdmissionNotUsed_GivesThePermitToTheNextAndRefusesALateRepeat()
    {
        await TripAndWaitAsync("p6");
        var views = await cluster.WatchAsync("p6");
        var ask = Ask();
        Assert.True((await cluster["p6"].AdmitAsync(ask)).Admitted);
        var granted = await views.UntilAsync(v => v.ProbeOutUntil is not null);
        await cluster["p6"].ReleaseAsync(ask.Operation, ask.Attempt);
        await views.UntilAsync(v => v.ProbeOutUntil is null && v.Sequence > granted.Sequence); // one-way: it may be overtaken
        Assert.Equal("not_admitted", (await cluster["p6"].AdmitAsync(ask)).Refusal);
        Assert.True((await cluster["p6"].AdmitAsync(Ask())).Admitted);
    }

    [Fact]
    public async Task Restart_OpenCircuit_StaysOpenUntilItsTimeWithAHigherIncarnation()
    {
        var before = await TripAsync("p7");
        await cluster.RestartAsync("p7");
        cluster.Clock.Advance(TimeSpan.FromSeconds(29));
        var after = await cluster["p7"].GetAsync();
        Assert.Equal((CircuitState.Open, before.Generation, before.RecoveryAt), (after.Circuit, after.Generation, after.RecoveryAt));
        Assert.True(after.Incarnation > before.Incarnation);
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(CircuitState.HalfOpen, (await cluster["p7"].GetAsync()).Circuit);
    }

    [Fact]
    public async Task Restart_ManualHold_SurvivesForAnyTime()
    {
        Assert.True((await cluster["p8"].ControlAsync(CircuitControl.Hold)).Held);
        await cluster.RestartAsync("p8");
        cluster.Clock.Advance(TimeSpan.FromHours(1));
        var after = await cluster["p8"].GetAsync();
        Assert.Equal((CircuitState.Open, true, "manual", (DateTimeOffset?)null), (after.Circuit, after.Held, after.Reason, after.RecoveryAt));
        Assert.Equal(CircuitState.Closed, (await cluster["p8"].ControlAsync(CircuitControl.Close)).Circuit);
    }

    [Fact]
    public async Task Restart_ProbeOut_StillTakesItsResultAndNoOtherProbe()
    {
        var view = await TripAndWaitAsync("p9");
        var probe = await cluster["p9"].AdmitAsync(Ask());
        await cluster.RestartAsync("p9");
        Assert.Equal("probe_out", (await cluster["p9"].AdmitAsync(Ask())).Refusal);
        cluster.Clock.Advance(TimeSpan.FromSeconds(1)); // it makes no transition in its first second
        await cluster["p9"].ReportAsync(Report(Run(view, OutcomeKind.Success, permit: probe.ProbePermit)));
        Assert.Equal(CircuitState.Closed, (await cluster["p9"].GetAsync()).Circuit);
    }

    [Fact]
    public async Task Restart_Rests_Survive()
    {
        await cluster["p10"].ReportAsync(Report() with { Rests = [new RestHint("m", QuotaExhausted: false, TimeSpan.FromMinutes(3))] });
        var before = Assert.Single((await cluster["p10"].GetAsync()).Rests);
        await cluster.RestartAsync("p10");
        Assert.Equal(before, Assert.Single((await cluster["p10"].GetAsync()).Rests));
        Assert.Equal((cluster.Clock.GetUtcNow().AddMinutes(3), "rate_limited"), (before.Until, before.Reason));
    }

    [Fact]
    public async Task Activation_StoreDoesNotAnswer_StartsClosedAfterASecondAndAdoptsAHoldOnceItDoes()
    {
        await cluster["p11"].ControlAsync(CircuitControl.Hold);
        await cluster.RestartAsync("p11");
        await Task.Yield();
        cluster.Storage.Stall();
        var views = await PassingTimeAsync(cluster.WatchAsync("p11")); // the deadline starts when the activation does
        Assert.Equal(CircuitState.Closed, (await views.UntilAsync(_ => true)).Circuit);
        cluster.Storage.Resume();
        Assert.True((await PassingTimeAsync(views.UntilAsync(v => v.Held))).Generation > 2);
    }

    [Fact]
    public async Task Health_TwoFailedChecks_ExcludeUntilOnePasses()
    {
        var script = cluster.Probe.For("p12");
        var views = await cluster.WatchAsync("p12");
        Assert.True((await cluster["p12"].GetAsync()).Healthy);
        script.Writer.TryWrite(new ProbeResult(true, Alive: false, "refused"));
        Assert.True((await views.UntilAsync(v => v.LastCheck is not null)).Healthy);
        script.Writer.TryWrite(new ProbeResult(true, Alive: false, "refused"));
        await cluster["p12"].GetAsync(); // its alarm is set
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        await views.UntilAsync(v => !v.Healthy);
        await cluster["p12"].GetAsync();
        script.Writer.TryWrite(new ProbeResult(true, Alive: true, "", ["model-a"]));
        cluster.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("model-a", Assert.Single((await views.UntilAsync(v => v.ListedModels is not null)).ListedModels!));
        Assert.True((await cluster["p12"].GetAsync()).Healthy);
    }

    [Fact]
    public async Task Health_LiveSuccess_OverrulesFailedChecksForAnInterval()
    {
        var script = cluster.Probe.For("p13");
        var views = await cluster.WatchAsync("p13");
        script.Writer.TryWrite(new ProbeResult(true, Alive: false, "refused"));
        await views.UntilAsync(v => v.LastCheck is not null);
        script.Writer.TryWrite(new ProbeResult(true, Alive: false, "refused"));
        await cluster["p13"].GetAsync(); // its alarm is set
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        var unhealthy = await views.UntilAsync(v => !v.Healthy);
        await cluster["p13"].ReportAsync(Report(Run(unhealthy, OutcomeKind.Success)));
        Assert.True((await cluster["p13"].GetAsync()).Healthy);
        cluster.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.False((await cluster["p13"].GetAsync()).Healthy);
    }

    [Fact]
    public async Task Limits_RequestsPerMinute_AdmitTheCeilingAndNameTheEnd()
    {
        cluster.Configure("p14", p => p with { RateLimits = new() { RequestsPerMinute = 3 } });
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => cluster["p14"].AdmitAsync(Ask()).AsTask()));
        Assert.Equal(3, answers.Count(a => a.Admitted));
        Assert.All(answers.Where(a => !a.Admitted), a => Assert.Equal("rate_limited", a.Refusal));
        var view = await cluster["p14"].GetAsync();
        Assert.Equal((0, answers.First(a => !a.Admitted).Until), (view.HeadroomRequests, view.LimitedUntil));
        cluster.Clock.Advance(view.LimitedUntil!.Value - cluster.Clock.GetUtcNow());
        Assert.True((await cluster["p14"].AdmitAsync(Ask())).Admitted);
    }

    [Fact]
    public async Task Limits_OwnerMoved_AdmitsASixtiethUntilTheGatewaysToldTheirLastMinute()
    {
        cluster.Configure("p26", p => p with { RateLimits = new() { RequestsPerMinute = 120 } });
        await cluster["p26"].GetAsync();
        await cluster.RestartAsync("p26");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => cluster["p26"].AdmitAsync(Ask()).AsTask()));
        Assert.Equal(2, answers.Count(a => a.Admitted));

        var told = Report() with { LastMinute = [new AdmittedSecond(30, 60, 0), new AdmittedSecond(2, 50, 0)] };
        await cluster["p26"].ReportAsync(told);
        await cluster["p26"].ReportAsync(told with { Number = ++_number });
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => cluster["p26"].AdmitAsync(Ask()).AsTask()));
        Assert.Equal(120 - 2 - 110, answers.Count(a => a.Admitted));
    }

    [Fact]
    public async Task Limits_MaxConcurrency_HoldsOverAdmissionsAndReports()
    {
        cluster.Configure("p15", p => p with { MaxConcurrency = 2 });
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => cluster["p15"].AdmitAsync(Ask()).AsTask()));
        Assert.Equal(2, answers.Count(a => a.Admitted));
        Assert.All(answers.Where(a => !a.Admitted), a => Assert.Equal("max_concurrency", a.Refusal));
        await cluster["p15"].ReportAsync(Report() with { InFlight = 1, Dispatched = 2 });
        Assert.Equal(1, (await cluster["p15"].AdmitAsync(Ask())) is { Admitted: true } ? 1 : 0);
        Assert.False((await cluster["p15"].AdmitAsync(Ask())).Admitted);
    }

    [Fact]
    public async Task Limits_TokensPerMinute_AreReservedAndCorrected()
    {
        cluster.Configure("p16", p => p with { RateLimits = new() { TokensPerMinute = 100 } });
        var ask = Ask(tokens: 90);
        Assert.True((await cluster["p16"].AdmitAsync(ask)).Admitted);
        Assert.False((await cluster["p16"].AdmitAsync(Ask(tokens: 20))).Admitted);
        await cluster["p16"].ReportAsync(Report() with { Tokens = [new TokenCorrection(ask.Operation, 1, 30)] });
        Assert.True((await cluster["p16"].AdmitAsync(Ask(tokens: 20))).Admitted);
        Assert.Equal(50, (await cluster["p16"].GetAsync()).HeadroomTokens);
    }

    [Fact]
    public async Task Admit_OfARouterThatKnowsASuccessor_IsRefusedAndEndsTheOwner()
    {
        await TripAndWaitAsync("p23");
        var before = (await cluster["p23"].GetAsync()).Incarnation;
        var answer = await cluster["p23"].AdmitAsync(Ask() with { Incarnation = before + 1 });
        Assert.Equal((false, before), (answer.Admitted, answer.Incarnation));
        Assert.True((await cluster["p23"].GetAsync()).Incarnation > before);
        await Assert.ThrowsAsync<OrleansException>(() => cluster["p23"].ReportAsync(Report() with { Incarnation = long.MaxValue }));
    }

    [Fact]
    public async Task Report_OvertakenByALaterOne_DoesNotBringItsCountInFlightBack()
    {
        cluster.Configure("p25", p => p with { MaxConcurrency = 2 });
        var late = Report() with { InFlight = 2 };
        await cluster["p25"].ReportAsync(Report() with { InFlight = 0 });
        await cluster["p25"].ReportAsync(late);
        Assert.Equal(0, (await cluster["p25"].GetAsync()).InFlight);
    }

    [Fact]
    public async Task Explore_SecondOneWhileOneIsOut_IsRefusedUntilAVerdict()
    {
        Assert.True((await cluster["p17"].AdmitAsync(Ask(exploratory: true))).Admitted);
        Assert.False((await cluster["p17"].AdmitAsync(Ask(exploratory: true))).Admitted);
        var view = await cluster["p17"].GetAsync();
        Assert.True(view.Exploring);
        await cluster["p17"].ReportAsync(Report(Run(view, OutcomeKind.Success)));
        Assert.True((await cluster["p17"].AdmitAsync(Ask(exploratory: true))).Admitted);
    }

    [Fact]
    public async Task Explore_AdmissionNotUsed_LetsTheNextOneGo()
    {
        var views = await cluster.WatchAsync("p22");
        var ask = Ask(exploratory: true);
        Assert.True((await cluster["p22"].AdmitAsync(ask)).Admitted);
        var exploring = await views.UntilAsync(v => v.Exploring);
        await cluster["p22"].ReleaseAsync(ask.Operation, ask.Attempt);
        await views.UntilAsync(v => !v.Exploring && v.Sequence > exploring.Sequence);
        Assert.True((await cluster["p22"].AdmitAsync(Ask(exploratory: true))).Admitted);
    }

    [Fact]
    public async Task Reload_DifferentCredential_ClosesUnderANewGeneration()
    {
        var views = await cluster.WatchAsync("p18");
        var open = await TripAsync("p18");
        cluster.Configure("p18", p => p with { ApiKey = "another" });
        Assert.True((await views.UntilAsync(v => v.Circuit == CircuitState.Closed && v.Generation > 1)).Generation > open.Generation);
    }

    [Fact]
    public async Task Reload_OtherSettings_KeepTheCircuit()
    {
        var views = await cluster.WatchAsync("p19");
        var open = await TripAsync("p19");
        cluster.Configure("p19", p => p with { MaxConcurrency = 1, RateLimits = new() { RequestsPerMinute = 7 } });
        await views.UntilAsync(v => v.HeadroomRequests == 7);
        Assert.Equal(open.RecoveryAt, (await cluster["p19"].GetAsync()).RecoveryAt);
    }

    [Fact]
    public async Task Reload_ProviderGone_AdmitsNothing()
    {
        var views = await cluster.WatchAsync("p20");
        var before = (await cluster["p20"].GetAsync()).Sequence;
        cluster.Configure("p20", p => p with { Name = "p20-renamed" });
        await views.UntilAsync(v => v.Sequence > before);
        Assert.Equal("not_admitted", (await cluster["p20"].AdmitAsync(Ask())).Refusal);
    }

    [Fact]
    public async Task Figures_ManyReports_ArePushedAtMostEachFifthOfASecond()
    {
        var views = await cluster.WatchAsync("p21");
        var view = await cluster["p21"].GetAsync();
        var before = view.Sequence;
        for (var n = 0; n < 50; n++)
        {
            await cluster["p21"].ReportAsync(Report(Run(view, OutcomeKind.Success)));
        }

        cluster.Clock.Advance(TimeSpan.FromMilliseconds(200));
        var seen = await views.UntilAsync(v => v.Samples == 50);
        Assert.True(seen.Sequence <= before + 2, $"{seen.Sequence - before} views for 50 reports at one moment");
        Assert.Equal(100, seen.LatencyMs!.Value, 1e-6);
    }

    [Fact]
    public async Task Figures_WhoDoesNotSelect_IsToldOfTransitionsAlone()
    {
        var (selecting, watching) = (await cluster.WatchAsync("p28"), await cluster.WatchAsync("p28", selects: false));
        await cluster["p28"].ReportAsync(Report(Run(await cluster["p28"].GetAsync(), OutcomeKind.Success, 50)));
        cluster.Clock.Advance(TimeSpan.FromMilliseconds(200));
        await selecting.UntilAsync(v => v.Samples == 50);
        await TripAsync("p28");
        await watching.UntilAsync(v => v.Circuit == CircuitState.Open);
        Assert.Single(watching.All, v => v.Circuit == CircuitState.Closed); // the answer to its subscription
    }

    [Theory]
    [InlineData("p30", true)]
    [InlineData("p31", false)]
    public async Task Suspicion_FaultsOfTwoGateways_AsksEverybodyAndTripsWhereNobodyHadASuccess(string provider, bool succeeded)
    {
        var views = await cluster.WatchAsync(provider, selects: false);
        var view = await cluster[provider].GetAsync();
        await cluster[provider].ReportAsync(Report(Run(view, OutcomeKind.Fault, 3)));
        await cluster[provider].ReportAsync(Report(Run(view, OutcomeKind.Fault, 3)) with { Gateway = Guid.NewGuid() });
        Assert.Equal(CircuitState.Closed, (await views.UntilAsync(v => v.Suspected)).Circuit);
        if (succeeded)
        {
            await cluster[provider].ReportAsync(Report(Run(view, OutcomeKind.Success)));
        }

        cluster.Clock.Advance(CircuitRules.ConfirmationTime);
        view = await cluster[provider].GetAsync();
        Assert.Equal((succeeded ? CircuitState.Closed : CircuitState.Open, false), (view.Circuit, view.Suspected));
    }

    private Task<T> PassingTimeAsync<T>(Task<T> answer) => ClockDriver.AdvanceUntilAsync(cluster.Clock, answer, TimeSpan.FromMilliseconds(500));
}
