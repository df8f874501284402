using Infermux.Core.Circuits;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Gateway.Reporting;
using Infermux.Gateway.Tests.Support;
using Infermux.Grains.Contracts.Providers;
using Infermux.Grains.Contracts.Routing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Infermux.Gateway.Tests.Reporting;

public sealed class AttemptReportsTests : IDisposable
{
    private static readonly Selection Selected = new() { Outcome = SelectionOutcome.Selected, Provider = "p", TargetModel = "m", Generation = 7 };
    private static readonly ProviderFailure Fault = new(FailureClass.ServerFault, 500, "boom");
    private readonly FakeTimeProvider _clock = new();
    private readonly Owner _owner = new();
    private readonly LonelyGateway _degraded = new();
    private readonly FixedFile _file = new();
    private readonly AttemptReports _reports;

    public AttemptReportsTests() => _reports = new(_owner, _degraded, _file, _clock, NullLogger<AttemptReports>.Instance);

    public void Dispose() => _reports.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private void Succeed(int count = 1, double ms = 100, bool stream = true)
    {
        for (var n = 0; n < count; n++)
        {
            _reports.Succeeded(Selected, TimeSpan.FromMilliseconds(ms), stream);
        }
    }

    [Fact]
    public async Task Fault_AfterSuccesses_LeavesAtOnceWithThemBeforeIt()
    {
        Succeed(3);
        _reports.Failed(Selected, Fault, ourCredential: true);
        var report = await _owner.NextAsync(Token);
        Assert.Equal(1, report.Number);
        Assert.All(report.Runs, r => Assert.Equal(7, r.Generation));
        Assert.Equal([(OutcomeKind.Success, 3), (OutcomeKind.Fault, 1)], report.Runs.Select(r => (r.Kind, r.Count)));
        Assert.Equal("server_fault", report.Runs[1].Detail);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _reports.StopAsync(Token);
        Assert.Equal(0, _owner.Waiting); // nothing was left for the timer
    }

    [Fact]
    public async Task Successes_InCompany_LeaveAfterTwoHundredMillisecondsAsOneRun()
    {
        Succeed(99, ms: 100);
        Succeed(1, ms: 1_100);
        _clock.Advance(TimeSpan.FromMilliseconds(199));
        Assert.Equal(0, await _owner.ArrivedAsync());
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        var run = Assert.Single((await _owner.NextAsync(Token)).Runs);
        Assert.Equal((100, 7L), (run.Count, run.Generation));
        Assert.Equal(110, run.MeanLatencyMs, 1e-9);
        Assert.Equal(100, run.Histogram.Sum(b => b.Count));
        Assert.Equal(2, run.Histogram.Count);
    }

    [Fact]
    public async Task Successes_WithoutCompany_LeaveAfterHalfASecond()
    {
        Succeed(ReportPace.Company - 1);
        _clock.Advance(TimeSpan.FromMilliseconds(499));
        Assert.Equal(0, await _owner.ArrivedAsync());
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(ReportPace.Company - 1, Assert.Single((await _owner.NextAsync(Token)).Runs).Count);
    }

    [Fact]
    public async Task Successes_WhoseCompanyComesLate_LeaveWithIt()
    {
        Succeed(ReportPace.Company - 1);
        _clock.Advance(TimeSpan.FromMilliseconds(300));
        Succeed();
        Assert.Equal(ReportPace.Company, Assert.Single((await _owner.NextAsync(Token)).Runs).Count);
        Succeed(); // counts and waits anew
        _clock.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal(0, await _owner.ArrivedAsync());
    }

    [Fact]
    public async Task Successes_ThatTheOwnerAsksFor_LeaveAtOnce()
    {
        await _reports.StartAsync(Token);
        _owner.Ask("p"); // nothing to say yet: no report
        Succeed(3);
        Assert.Equal(0, await _owner.ArrivedAsync());
        _owner.Ask("another");
        Assert.Equal(0, await _owner.ArrivedAsync());
        _owner.Ask("p");
        var report = await _owner.NextAsync(Token);
        Assert.Equal((1, 3), (report.Number, Assert.Single(report.Runs).Count));
    }

    [Fact]
    public async Task Dispatched_WhereTheOwnerCountsPlaces_IsToldAfterFiftyMilliseconds()
    {
        var admitted = Selected with { ReservedTokens = 1 };
        _reports.Dispatched(admitted);
        _clock.Advance(TimeSpan.FromMilliseconds(49));
        Assert.Equal(0, await _owner.ArrivedAsync());
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, (await _owner.NextAsync(Token)).InFlight);
    }

    [Fact]
    public async Task WholeAnswers_CountForP95OnlyWhereTheFileSetsIt()
    {
        Succeed(stream: false);
        _clock.Advance(ReportPace.LonelyReports);
        Assert.Empty(Assert.Single((await _owner.NextAsync(Token)).Runs).Histogram);
        _file.Provider = _file.Provider with { CircuitBreaker = new() { LatencyP95FromFile = true } };
        Succeed(stream: false);
        await _reports.StopAsync(Token);
        Assert.Single(Assert.Single((await _owner.NextAsync(Token)).Runs).Histogram);
    }

    [Fact]
    public async Task RateLimit_OurCredential_RestsTheModelWithoutAFault()
    {
        _reports.Failed(Selected, new ProviderFailure(FailureClass.RateLimited, 429, "", RetryAfter: TimeSpan.FromSeconds(9)), ourCredential: true);
        var report = await _owner.NextAsync(Token);
        Assert.Equal(new RestHint("m", QuotaExhausted: false, TimeSpan.FromSeconds(9)), Assert.Single(report.Rests));
        Assert.Equal(OutcomeKind.Neutral, Assert.Single(report.Runs).Kind);
    }

    [Fact]
    public async Task RateLimit_TreatedAsError_IsAFaultToo()
    {
        _file.Provider = _file.Provider with { CircuitBreaker = new() { TreatRateLimitAsError = true } };
        _reports.Failed(Selected, new ProviderFailure(FailureClass.RateLimited, 429, ""), ourCredential: true);
        var report = await _owner.NextAsync(Token);
        Assert.Equal(OutcomeKind.Fault, Assert.Single(report.Runs).Kind);
        Assert.Single(report.Rests);
    }

    [Fact]
    public async Task CallersCredential_RefusedUpstream_NeitherMarksNorRests()
    {
        _reports.Failed(Selected, new ProviderFailure(FailureClass.BadCredential, 401, ""), ourCredential: false);
        _reports.Failed(Selected, new ProviderFailure(FailureClass.RateLimited, 429, ""), ourCredential: false);
        await _reports.StopAsync(Token);
        var report = await _owner.NextAsync(Token);
        Assert.Empty(report.Rests);
        Assert.All(report.Runs, r => Assert.Equal(OutcomeKind.Neutral, r.Kind));
    }

    [Theory]
    [InlineData(OutcomeKind.Success)]
    [InlineData(OutcomeKind.Neutral)]
    [InlineData(OutcomeKind.Cancelled)]
    [InlineData(OutcomeKind.Fault)]
    public async Task Probe_AnyOutcome_LeavesAtOnceInARunOfItsOwnWithItsPermit(OutcomeKind kind)
    {
        var probe = Selected with { ProbePermit = Guid.NewGuid() };
        switch (kind)
        {
            case OutcomeKind.Success: _reports.Succeeded(probe, TimeSpan.FromMilliseconds(5), stream: true); break;
            case OutcomeKind.Neutral: _reports.Failed(probe, new ProviderFailure(FailureClass.CallerFault, 400, ""), ourCredential: true); break;
            case OutcomeKind.Cancelled: _reports.Cancelled(probe); break;
            default: _reports.Failed(probe, Fault, ourCredential: true); break;
        }

        var run = Assert.Single((await _owner.NextAsync(Token)).Runs);
        Assert.Equal((kind, 1, probe.ProbePermit), (run.Kind, run.Count, run.ProbePermit));
    }

    [Fact]
    public async Task Report_NotTaken_IsRepeatedUnderTheSameNumberBeforeAnythingNewer()
    {
        var refused = new TaskCompletionSource();
        _owner.Meets = _ => { refused.TrySetResult(); throw new InvalidOperationException("gone"); };
        _reports.Failed(Selected, Fault, ourCredential: true);
        var first = await _owner.NextAsync(Token);
        await refused.Task;
        _owner.Meets = _ => Task.CompletedTask;
        Succeed(2);
        OutcomeReport repeated = await AdvanceUntilReportAsync();
        Assert.Same(first, repeated);
        var next = await AdvanceUntilReportAsync();
        Assert.Equal(2, next.Number);
        Assert.Equal(2, Assert.Single(next.Runs).Count);
    }

    [Fact]
    public async Task Report_NeverAnswered_IsRepeatedAfterTwoSeconds()
    {
        var silent = new TaskCompletionSource();
        _owner.Meets = _ => silent.Task;
        _reports.Failed(Selected, Fault, ourCredential: true);
        var first = await _owner.NextAsync(Token);
        _owner.Meets = _ => Task.CompletedTask;
        Assert.Same(first, await AdvanceUntilReportAsync());
    }

    [Fact]
    public async Task InFlight_LongStream_IsReportedEachSecondUntilItEnds()
    {
        _reports.Dispatched(Selected);
        var report = await AdvanceUntilReportAsync();
        Assert.Equal((1, 1), (report.InFlight, report.Dispatched));
        report = await AdvanceUntilReportAsync();
        Assert.Equal((1, 0), (report.InFlight, report.Dispatched));
        _reports.Ended(Selected, Guid.NewGuid(), 1, 10);
        report = await AdvanceUntilReportAsync();
        Assert.Equal(0, report.InFlight);
        await _reports.StopAsync(Token);
        Assert.Equal(0, _owner.Waiting);
    }

    [Fact]
    public async Task Ended_TokenCeiling_ReportsWhatWasUsed()
    {
        _file.Provider = _file.Provider with { RateLimits = new() { TokensPerMinute = 1_000 } };
        var operation = Guid.NewGuid();
        _reports.Dispatched(Selected);
        _reports.Ended(Selected, operation, 2, 345);
        await _reports.StopAsync(Token);
        Assert.Equal(new TokenCorrection(operation, 2, 345), Assert.Single((await _owner.NextAsync(Token)).Tokens));
    }

    [Fact]
    public async Task Stop_ThingsLeft_SendsThemFirst()
    {
        _reports.Dispatched(Selected);
        Succeed(5);
        _reports.Ended(Selected, Guid.NewGuid(), 1, 0);
        await _reports.StopAsync(Token);
        var report = await _owner.NextAsync(Token);
        Assert.Equal((5, 0, 1), (Assert.Single(report.Runs).Count, report.InFlight, report.Dispatched));
        Assert.Equal(0, _owner.Waiting);
    }

    [Fact]
    public async Task Outcomes_ManyThreads_AllArriveExactlyOnce()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var n = 0; n < 500; n++)
            {
                _reports.Dispatched(Selected);
                if (n % 10 == 0)
                {
                    _reports.Failed(Selected, Fault, ourCredential: true);
                }
                else
                {
                    Succeed();
                }

                _reports.Ended(Selected, Guid.NewGuid(), 1, 0);
            }
        }, Token)));
        await _reports.StopAsync(Token);
        var (successes, faults, dispatched, number) = (0, 0, 0, 0L);
        while (_owner.Waiting > 0)
        {
            var report = await _owner.NextAsync(Token);
            Assert.Equal(++number, report.Number);
            successes += report.Runs.Where(r => r.Kind == OutcomeKind.Success).Sum(r => r.Count);
            faults += report.Runs.Where(r => r.Kind == OutcomeKind.Fault).Sum(r => r.Count);
            dispatched += report.Dispatched;
        }

        Assert.Equal((1_800, 200, 2_000), (successes, faults, dispatched));
    }

    [Fact]
    public void Succeeded_RunUnderWay_AllocatesNothing()
    {
        Succeed(ReportPace.Company); // the last of them brings the report forward
        var before = GC.GetAllocatedBytesForCurrentThread();
        Succeed(1_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task LimitedProvider_NewOwner_IsToldOfTheLastMinuteAtOnceAndOnce()
    {
        var admitted = Selected with { ReservedTokens = 40 };
        _reports.Dispatched(admitted);
        _reports.Dispatched(admitted);
        Assert.Empty((await AdvanceUntilReportAsync()).LastMinute); // the first owner is met by it
        Assert.Equal(2, Assert.Single((await _owner.NextAsync(Token)).LastMinute).Requests);

        _owner.Incarnation = 2;
        _clock.Advance(TimeSpan.FromSeconds(5));
        _reports.Failed(admitted, Fault, ourCredential: true);
        await _owner.NextAsync(Token);
        var told = Assert.Single((await _owner.NextAsync(Token)).LastMinute);
        Assert.Equal((2, 80), (told.Requests, told.Tokens));
        Assert.InRange(told.SecondsAgo, 5, 6);
        _reports.Failed(admitted, Fault, ourCredential: true);
        Assert.Empty((await _owner.NextAsync(Token)).LastMinute);
    }

    [Fact]
    public async Task LimitedProvider_NothingInFlight_IsSpokenToEachSecondForAMinute()
    {
        _file.Provider = _file.Provider with { RateLimits = new() { RequestsPerMinute = 5 } };
        _reports.Dispatched(Selected with { ReservedTokens = 1 });
        _reports.Ended(Selected with { ReservedTokens = 1 }, Guid.NewGuid(), 1, 1);
        for (var second = 0; second < 5; second++)
        {
            Assert.Equal(0, (await AdvanceUntilReportAsync()).InFlight);
        }
    }

    [Fact]
    public void NoSilo_WhatAttemptsMeet_IsToldHereToo()
    {
        Succeed();
        Assert.Empty(_degraded.Told); // a silo is there
        _degraded.IsOn = true;
        var probe = Selected with { ProbePermit = Guid.NewGuid(), Degraded = true };
        _reports.Dispatched(probe);
        _reports.Failed(probe, Fault, ourCredential: true);
        _reports.Succeeded(probe, TimeSpan.FromMilliseconds(30), stream: true);
        _reports.BrokeAfterContent(probe, Fault);
        _reports.Cancelled(probe);
        Assert.Equal(
            [(Outcome.Fault, probe.ProbePermit), (Outcome.Success, probe.ProbePermit), (Outcome.Fault, null), (Outcome.Cancelled, probe.ProbePermit)],
            _degraded.Told.Select(met => (met.Outcome, met.ProbePermit)));
        Assert.Equal((30, 1), (_degraded.Told[1].MeanLatencyMs, Assert.Single(_degraded.Told[1].Latencies).Count));
        Assert.Equal(1, _reports.InFlight("p"));
    }

    [Fact]
    public async Task Successes_HundredProcesses_WaitAQuarterLonger()
    {
        _owner.Facts = new OwnerFacts(1, 9, 100);
        _reports.Failed(Selected, Fault, ourCredential: true);
        Assert.Equal((1, 9), ((await _owner.NextAsync(Token)).Incarnation, 9));
        await _reports.StopAsync(Token);
        Succeed(ReportPace.Company);
        _clock.Advance(TimeSpan.FromMilliseconds(249));
        Assert.Equal(0, await _owner.ArrivedAsync());
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(9, (await _owner.NextAsync(Token)).HighestGeneration);
    }

    private async Task<OutcomeReport> AdvanceUntilReportAsync()
    {
        var next = _owner.NextAsync(Token);
        for (var steps = 0; !next.IsCompleted; steps++)
        {
            Assert.True(steps < 10_000, "no report in 500 s of the test's clock");
            _clock.Advance(TimeSpan.FromMilliseconds(50)); // the one driver of this clock; the sender arms its timers on another thread
            await Task.WhenAny(next, Task.Delay(1, Token));
        }

        return await next;
    }
}
