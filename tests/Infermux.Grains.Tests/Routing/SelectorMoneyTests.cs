using Infermux.Core.Configuration;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Contracts.Providers;
using Infermux.Grains.Contracts.Routing;
using Orleans.Runtime;
using Xunit;

namespace Infermux.Grains.Tests.Routing;

public sealed class SelectorMoneyTests
{
    private static readonly InfermuxOptions Priced = RouterLab.Priced(RouterLab.Options("dear", "cheap"), ("dear", 10m), ("cheap", 1m));

    [Fact]
    public async Task Reserve_Granted_FillsTheHoldWithItsUpperBound()
    {
        var lab = new RouterLab(RouterLab.Budgeted(Priced, BudgetAction.HardStop));
        var request = lab.Ask() with { Project = "p", Env = "e", Stream = true, UnbilledAttempts = [4] };
        var selection = await lab.SelectAsync(request);
        Assert.Equal(new Hold("c", 20m, 10m, 1_000_000, ScriptedAccount.PeriodEnd), selection.Hold);
        var command = Assert.Single(lab.Account().Reserves);
        Assert.Equal(
            (request.Operation, 1, "dear", "m", 20m, 10m, true, "p", "e", request.NotAfter),
            (command.Operation, command.Attempt, command.Provider, command.TargetModel, command.Amount, command.InputAmount, command.Stream, command.Project, command.Env, command.NotAfter));
        Assert.Equal([4], command.UnbilledAttempts);
    }

    [Theory]
    [InlineData(BudgetAction.Alert)]
    [InlineData(null)]
    public async Task Reserve_NoBudgetActs_IsNotAsked(BudgetAction? action)
    {
        var lab = new RouterLab(action is { } acts ? RouterLab.Budgeted(Priced, acts) : Priced);
        Assert.Null((await lab.SelectAsync()).Hold);
        Assert.Empty(lab.Account().Reserves);
    }

    [Fact]
    public async Task Reserve_ForACountOfTokens_IsNotAsked()
    {
        var lab = new RouterLab(RouterLab.Budgeted(Priced, BudgetAction.HardStop));
        var selection = await lab.SelectAsync(lab.Ask() with { Kind = RequestKind.TokenCount });
        Assert.Equal((SelectionOutcome.Selected, null), (selection.Outcome, selection.Hold));
        Assert.Empty(lab.Account().Reserves);
    }

    [Fact]
    public async Task Reserve_WithoutACap_HoldsWhatTheGatewaySaysIsLikelyMost()
    {
        var lab = new RouterLab(RouterLab.Budgeted(Priced, BudgetAction.HardStop));
        var selection = await lab.SelectAsync(lab.Ask() with { MaxTokens = null, UsualCompletion = 5_000, LikelyMostCompletion = 50_000 });
        Assert.Equal(50_000, selection.Hold!.OutputCap);
    }

    [Fact]
    public async Task Reserve_AccountNamedByTheGateway_IsHeldThere()
    {
        var lab = new RouterLab(RouterLab.Budgeted(Priced, BudgetAction.HardStop));
        var selection = await lab.SelectAsync(lab.Ask() with { Account = "*overflow" });
        Assert.Equal("*overflow", selection.Hold!.Account);
        Assert.Single(lab.Account("*overflow").Reserves);
        Assert.Empty(lab.Account().Reserves);
    }

    [Fact]
    public async Task Reserve_LimitThatOnlyTheGatewayHeardOf_IsAskedAtOnce()
    {
        var lab = new RouterLab(Priced);
        Assert.Null((await lab.SelectAsync()).Hold);
        Assert.NotNull((await lab.SelectAsync(lab.Ask() with { ActingLimit = BudgetAction.HardStop })).Hold);
        Assert.Single(lab.Account().Reserves);
    }

    [Fact]
    public async Task Reserve_AnsweredByANewActivation_GoesBackToTheGatewayWhichAsksAgain()
    {
        var lab = new RouterLab(RouterLab.Budgeted(Priced, BudgetAction.HardStop));
        lab.Account().Incarnation = 8;
        lab.Account().Before = command => Task.FromResult(command.Incarnation == 8 ? null : lab.Account().Answer(ReserveOutcome.Moved));

        var ask = lab.Ask() with { AccountIncarnation = 7 };
        var moved = await lab.SelectAsync(ask);
        Assert.Equal((SelectionOutcome.AccountMoved, 8L), (moved.Outcome, moved.AccountIncarnation));
        Assert.Single(lab.Account().Reserves);
        var selected = await lab.SelectAsync(ask with { AccountIncarnation = moved.AccountIncarnation, Repeat = 1 });
        Assert.Equal((SelectionOutcome.Selected, 8L), (selected.Outcome, selected.AccountIncarnation));
    }

    [Fact]
    public async Task Reserve_LateByTheAccountsClock_GoesBackToTheGatewayWithThatClock()
    {
        var lab = new RouterLab(RouterLab.Budgeted(Priced, BudgetAction.HardStop));
        var clock = lab.Time.GetUtcNow().AddHours(1);
        lab.Account().Before = command => Task.FromResult(clock > command.NotAfter ? lab.Account().Answer(ReserveOutcome.Late) with { SiloTime = clock } : null);

        var ask = lab.Ask() with { AsksAgain = true };
        var late = await lab.SelectAsync(ask);
        Assert.Equal((SelectionOutcome.AccountMoved, clock), (late.Outcome, late.AccountTime));
        Assert.Null(late.MayBeHeldBy);
        Assert.Equal(SelectionOutcome.Selected, (await lab.SelectAsync(ask with { NotAfter = clock.AddSeconds(5), Repeat = 1 })).Outcome);
    }

    [Fact]
    public async Task Reserve_Denied_TakesTheNextCheaper()
    {
        var lab = new RouterLab(RouterLab.Budgeted(Priced, BudgetAction.HardStop));
        lab.Account().Limit = 5m;
        var selection = await lab.SelectAsync();
        Assert.Equal(("cheap", 2m), (selection.Provider, selection.Hold!.Amount));
        Assert.Equal(["budget", "selected"], selection.Candidates.Select(candidate => candidate.Verdict));
        Assert.Equal(2m, lab.Account().Held);
        Assert.Distinct(lab.Account().Reserves.Select(reserve => reserve.Sequence));
    }

    [Fact]
    public async Task Reserve_DeniedAndTheOthersAreDearer_IsBudgetExceededWithTheNumbers()
    {
        var lab = new RouterLab(RouterLab.Budgeted(RouterLab.Priced(RouterLab.Options("cheap", "dear"), ("dear", 10m), ("cheap", 1m)), BudgetAction.HardStop));
        (lab.Account().Limit, lab.Account().Settled) = (5m, 4m);
        var selection = await lab.SelectAsync();
        Assert.Equal(SelectionOutcome.BudgetExceeded, selection.Outcome);
        Assert.Equal(new BudgetRefusal(5m, 4m, 0m, 2m, ScriptedAccount.PeriodEnd), selection.Budget);
        Assert.Single(lab.Account().Reserves);
        Assert.True(selection.RetryAfter > TimeSpan.Zero);
    }

    [Fact]
    public async Task Reserve_Override_RoutesTheReplacementAndReservesForIt()
    {
        var lab = new RouterLab(RouterLab.Budgeted(Priced, BudgetAction.ModelOverride, replacement: "small"));
        lab.Account().Before = command => Task.FromResult(command.Overridden ? null : lab.Account().Answer(ReserveOutcome.Override, "small"));
        var selection = await lab.SelectAsync();
        Assert.Equal(("small", "small", 0.2m), (selection.ModelOverride, selection.TargetModel, selection.Hold!.Amount));
        Assert.Equal([false, true], lab.Account().Reserves.Select(reserve => reserve.Overridden));
    }

    [Fact]
    public async Task Reserve_OverrideDoesNotFitEither_IsBudgetExceeded()
    {
        var lab = new RouterLab(RouterLab.Budgeted(Priced, BudgetAction.HardStop, replacement: "small"));
        lab.Account().Limit = 0.001m;
        lab.Account().Before = command => Task.FromResult(command.Overridden ? null : lab.Account().Answer(ReserveOutcome.Override, "small"));
        var selection = await lab.SelectAsync();
        Assert.Equal((SelectionOutcome.BudgetExceeded, "small"), (selection.Outcome, selection.ModelOverride));
    }

    [Fact]
    public async Task Reserve_LaterAttemptOfAnOverriddenRequest_StaysOverridden()
    {
        var lab = new RouterLab(RouterLab.Budgeted(Priced, BudgetAction.ModelOverride, replacement: "small"));
        var selection = await lab.SelectAsync(lab.Ask(2, "dear") with { ModelOverride = "small" });
        Assert.Equal(("cheap", "small", "small"), (selection.Provider, selection.TargetModel, selection.ModelOverride));
        Assert.True(Assert.Single(lab.Account().Reserves).Overridden);
    }

    [Fact]
    public async Task Reserve_AnswerLost_IsRepeatedByIdAndHeldOnce()
    {
        var lab = new RouterLab(RouterLab.Budgeted(Priced, BudgetAction.HardStop));
        var failures = new Queue<Exception>([new TimeoutException(), new SiloUnavailableException("rejected")]);
        lab.Account().After = _ => failures.TryDequeue(out var failure) ? Task.FromException(failure) : Task.CompletedTask;
        var selection = await lab.SelectAsync();
        Assert.Equal(SelectionOutcome.Selected, selection.Outcome);
        Assert.Equal(3, lab.Account().Reserves.Count);
        Assert.Single(lab.Account().Reserves.Select(reserve => reserve.Sequence).Distinct());
        Assert.Equal(20m, lab.Account().Held);
    }

    [Theory]
    [InlineData(BudgetAction.HardStop, null, SelectionOutcome.BudgetUnavailable)]
    [InlineData(BudgetAction.HardStop, OnUnavailable.Capped, SelectionOutcome.BudgetUnavailable)]
    [InlineData(BudgetAction.HardStop, OnUnavailable.Allow, SelectionOutcome.Selected)]
    [InlineData(BudgetAction.ModelOverride, null, SelectionOutcome.Selected)]
    public async Task Reserve_StoreUnavailable_FollowsOnUnavailable(BudgetAction action, OnUnavailable? unavailable, SelectionOutcome outcome)
    {
        var lab = new RouterLab(RouterLab.Budgeted(Priced, action, unavailable));
        lab.Account().Before = _ => Task.FromResult<ReserveAnswer?>(lab.Account().Answer(ReserveOutcome.StoreUnavailable));
        var selection = await lab.SelectAsync();
        Assert.Equal((outcome, null), (selection.Outcome, selection.Hold));
    }

    [Theory]
    [InlineData(2, SelectionOutcome.Selected, "a")]
    [InlineData(1.99, SelectionOutcome.Selected, "b")]
    [InlineData(0.99, SelectionOutcome.BudgetUnavailable, "")]
    public async Task Reserve_StoreUnavailableUnderCapped_GoesWhereTheGatewaysCapReaches(double left, SelectionOutcome outcome, string provider)
    {
        var options = RouterLab.Priced(RouterLab.Options("a", "b"), ("a", 1m), ("b", 0.5m));
        var lab = new RouterLab(RouterLab.Budgeted(options, BudgetAction.HardStop, OnUnavailable.Capped));
        lab.Account().Before = _ => Task.FromResult<ReserveAnswer?>(lab.Account().Answer(ReserveOutcome.StoreUnavailable));
        var selection = await lab.SelectAsync(lab.Ask() with { CappedLeft = (decimal)left });
        Assert.Equal((outcome, provider, null), (selection.Outcome, selection.Provider, selection.Hold));
        Assert.Equal(provider switch { "a" => 2m, "b" => 1m, _ => null }, (decimal?)selection.Capped?.Amount);
        Assert.Equal(provider.Length > 0 ? 1_000_000 : null, selection.Capped?.OutputCap);
    }

    [Fact]
    public async Task Reserve_AccountAnswersUnderCapped_HoldsAsEver()
    {
        var lab = new RouterLab(RouterLab.Budgeted(Priced, BudgetAction.HardStop, OnUnavailable.Capped));
        var selection = await lab.SelectAsync(lab.Ask() with { CappedLeft = 1000m });
        Assert.Null(selection.Capped);
        Assert.Equal(20m, selection.Hold?.Amount);
    }

    [Fact]
    public async Task Reserve_StoreUnavailableThreeTimes_IsNotAskedForASecond()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        var lab = new RouterLab(RouterLab.Budgeted(Priced, BudgetAction.HardStop), time);
        lab.Account().Before = _ => Task.FromResult<ReserveAnswer?>(lab.Account().Answer(ReserveOutcome.StoreUnavailable));
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(SelectionOutcome.BudgetUnavailable, (await lab.SelectAsync()).Outcome);
        }

        Assert.Equal(3, lab.Account().Reserves.Count);
        lab.Account().Before = static _ => Task.FromResult<ReserveAnswer?>(null);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(SelectionOutcome.Selected, (await lab.SelectAsync()).Outcome);
    }

    [Fact]
    public async Task Reserve_ProbeOfAStoppedLedgerHangs_IsRefusedWithin300Ms()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        var lab = new RouterLab(RouterLab.Budgeted(Priced, BudgetAction.HardStop), time);
        lab.Account().Before = _ => Task.FromResult<ReserveAnswer?>(lab.Account().Answer(ReserveOutcome.StoreUnavailable));
        for (var i = 0; i < 3; i++)
        {
            await lab.SelectAsync();
        }

        var thaws = new TaskCompletionSource<ReserveAnswer?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lab.Account().Before = _ => thaws.Task;
        time.Advance(TimeSpan.FromSeconds(1));
        var probe = lab.SelectAsync().AsTask();
        Assert.Equal(SelectionOutcome.BudgetUnavailable, (await lab.SelectAsync()).Outcome); // one probe alone
        Assert.False(probe.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(299));
        Assert.Equal(SelectionOutcome.BudgetUnavailable, (await probe).Outcome);
        thaws.SetResult(null);
    }

    [Fact]
    public async Task Reserve_NoAnswerFor3Seconds_DeniesAndVoidsWhatMayBeHeld()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60)) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(100) };
        var lab = new RouterLab(RouterLab.Budgeted(Priced, BudgetAction.HardStop), time);
        lab.Account().After = _ =>
        {
            time.Advance(TimeSpan.FromSeconds(1)); // the response timeout
            return Task.FromException(new TimeoutException());
        };
        var request = lab.Ask();
        var selecting = lab.SelectAsync(request).AsTask();
        for (var i = 0; i < 100 && !selecting.IsCompleted; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        Assert.Equal(SelectionOutcome.BudgetUnavailable, (await selecting).Outcome);
        var voided = await lab.Account().Voided.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal(request.Operation, voided.Operation);
        Assert.All(lab.Account().Reserves, reserve => Assert.True(reserve.Sequence < voided.Sequence));
        Assert.Equal(0m, lab.Account().Held);
    }

    [Fact]
    public async Task Admit_NobodyAfterAGrant_VoidsTheOperation()
    {
        var lab = new RouterLab(RouterLab.Budgeted(Limited(Priced), BudgetAction.HardStop));
        lab.Owner("dear").Admit = lab.Owner("cheap").Admit = _ => Task.FromResult(new Admission(false, "max_concurrency", null, 0, null));
        var selection = await lab.SelectAsync();
        Assert.Equal(SelectionOutcome.RateLimited, selection.Outcome);
        await lab.Account().Voided.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal(0m, lab.Account().Held);
    }

    [Fact]
    public async Task Admit_NobodyOnALaterAttempt_ZeroesItsLineAndKeepsTheEarlierOnes()
    {
        var lab = new RouterLab(RouterLab.Budgeted(Limited(Priced), BudgetAction.HardStop));
        var request = lab.Ask();
        Assert.Equal("dear", (await lab.SelectAsync(request)).Provider);
        lab.Owner("cheap").Admit = _ => Task.FromResult(new Admission(false, "max_concurrency", null, 0, null));
        await lab.SelectAsync(request with { Attempt = 2, Tried = ["dear"] });
        Assert.Equal(20m, lab.Account().Held);
        Assert.False(lab.Account().Voided.Task.IsCompleted);
    }

    [Fact]
    public async Task Admit_RefusedAfterAGrant_NextCandidatesLineReplacesTheFirst()
    {
        var lab = new RouterLab(RouterLab.Budgeted(Limited(Priced), BudgetAction.HardStop));
        lab.Owner("dear").Admit = _ => Task.FromResult(new Admission(false, "max_concurrency", null, 0, null));
        var selection = await lab.SelectAsync();
        Assert.Equal(("cheap", 2m, 2m), (selection.Provider, selection.Hold!.Amount, lab.Account().Held));
    }

    [Fact]
    public async Task Repeat_OfACallThatChoseAnother_HoldsWhatTheNewChoiceCosts()
    {
        var lab = new RouterLab(RouterLab.Budgeted(Priced, BudgetAction.HardStop));
        var request = lab.Ask();
        await lab.SelectAsync(request with { Tried = ["dear"] });
        var selection = await lab.SelectAsync(request with { Repeat = 1 });
        Assert.Equal(("dear", 20m, 20m), (selection.Provider, selection.Hold!.Amount, lab.Account().Held));
    }

    [Fact]
    public async Task View_CircuitOpensWhileTheAccountIsAsked_TakesTheNext()
    {
        var lab = new RouterLab(RouterLab.Budgeted(Priced, BudgetAction.HardStop));
        lab.Account().After = command => command.Provider == "dear"
            ? lab.ShowAsync("dear", view => view with { Circuit = CircuitState.Open, RecoveryAt = lab.Time.GetUtcNow().AddMinutes(1) })
            : Task.CompletedTask;
        var selection = await lab.SelectAsync();
        Assert.Equal(("cheap", 2m), (selection.Provider, lab.Account().Held));
    }

    [Fact]
    public async Task ApiLimit_MarkedHere_ReservesAtOnceAndNotNeededTakesItOff()
    {
        var lab = new RouterLab(Priced);
        lab.Acting.Mark("c", BudgetAction.HardStop);
        Assert.NotNull((await lab.SelectAsync()).Hold);
        lab.Account().Before = _ => Task.FromResult<ReserveAnswer?>(lab.Account().Answer(ReserveOutcome.NotNeeded));
        Assert.Null((await lab.SelectAsync()).Hold);
        await lab.SelectAsync();
        Assert.Equal(2, lab.Account().Reserves.Count);
    }

    [Fact]
    public async Task ApiLimit_SetElsewhere_IsHeardOfWithin30Seconds()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        var lab = new RouterLab(Priced, time);
        await lab.SelectAsync();
        lab.Account().Action = BudgetAction.HardStop;
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Null((await lab.SelectAsync()).Hold);
        Assert.Equal(1, lab.Account().Views);
        time.Advance(TimeSpan.FromSeconds(1));
        await lab.SelectAsync();
        Assert.NotNull((await lab.SelectAsync()).Hold);
    }

    [Fact]
    public void Sequence_AttemptsRepeatsStepsAndExtends_Rise()
    {
        int[] rising =
        [
            HoldSequence.Reserve(1, 0, 0), HoldSequence.Reserve(1, 0, 1), HoldSequence.Reserve(1, 1, 0), HoldSequence.Reserve(1, 1_000_000, 63),
            HoldSequence.Extend(1, 0), HoldSequence.Extend(1, 1), HoldSequence.Extend(1, int.MaxValue), HoldSequence.Reserve(2, 0, 0), HoldSequence.Last,
        ];
        Assert.Equal(rising.Order().Distinct(), rising);
    }

    private static InfermuxOptions Limited(InfermuxOptions options) =>
        options with { Providers = [.. options.Providers.Select(provider => provider with { MaxConcurrency = 5 })] };
}
