using Infermux.Core.Configuration;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Contracts.Providers;
using Infermux.Grains.Contracts.Routing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Infermux.Grains.Tests.Routing;

/// <summary>Whatever a selection may leave held without saying so in its hold, it names the account, so that the gateway gives it back.</summary>
public sealed class HeldWithoutAHoldTests
{
    private static readonly InfermuxOptions Priced = RouterLab.Priced(RouterLab.Options("dear", "cheap"), ("dear", 10m), ("cheap", 1m));

    [Fact]
    public async Task Selection_WithAHold_NamesNoOther()
    {
        var lab = new RouterLab(RouterLab.Budgeted(Priced, BudgetAction.HardStop));
        var selection = await lab.SelectAsync();
        Assert.Equal(("c", null), (selection.Hold!.Account, selection.MayBeHeldBy));
    }

    [Theory]
    [InlineData(OnUnavailable.Allow, SelectionOutcome.Selected)]
    [InlineData(OnUnavailable.Deny, SelectionOutcome.BudgetUnavailable)]
    public async Task Selection_AccountStoresButCannotSaySo_NamesTheAccount(OnUnavailable unavailable, SelectionOutcome outcome)
    {
        var lab = new RouterLab(RouterLab.Budgeted(Priced, BudgetAction.HardStop, unavailable));
        lab.Account().Before = _ => Task.FromResult<ReserveAnswer?>(lab.Account().Answer(ReserveOutcome.StoreUnavailable));
        var selection = await lab.SelectAsync();
        Assert.Equal((outcome, null, "c"), (selection.Outcome, selection.Hold, selection.MayBeHeldBy));
    }

    [Fact]
    public async Task Selection_GrantedThenNobodyAdmits_NamesTheAccount()
    {
        var lab = new RouterLab(RouterLab.Budgeted(
            Priced with { Providers = [.. Priced.Providers.Select(provider => provider with { MaxConcurrency = 5 })] }, BudgetAction.HardStop));
        lab.Owner("dear").Admit = lab.Owner("cheap").Admit = _ => Task.FromResult(new Admission(false, "max_concurrency", null, 0, null));
        Assert.Equal("c", (await lab.SelectAsync()).MayBeHeldBy);
    }

    [Fact]
    public async Task Selection_GrantedThenNotNeededAnyMore_NamesTheAccount()
    {
        var lab = new RouterLab(RouterLab.Budgeted(
            Priced with { Providers = [.. Priced.Providers.Select(provider => provider with { MaxConcurrency = 5 })] }, BudgetAction.HardStop));
        lab.Owner("dear").Admit = _ => Task.FromResult(new Admission(false, "max_concurrency", null, 0, null));
        lab.Account().Before = command => Task.FromResult(command.Provider == "cheap" ? lab.Account().Answer(ReserveOutcome.NotNeeded) : null);
        var selection = await lab.SelectAsync();
        Assert.Equal(("cheap", null, "c", 20m), (selection.Provider, selection.Hold, selection.MayBeHeldBy, lab.Account().Held));
    }

    [Fact]
    public async Task Selection_NothingEverGranted_NamesNone()
    {
        var lab = new RouterLab(RouterLab.Budgeted(Priced, BudgetAction.HardStop));
        lab.Account().Limit = 0m;
        var selection = await lab.SelectAsync();
        Assert.Equal((SelectionOutcome.BudgetExceeded, null), (selection.Outcome, selection.MayBeHeldBy));
    }

    [Fact]
    public async Task Selection_AccountHangsAndTheGatewayAsksAgain_SaysSoInItsTimeAndLeavesTheDecision()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        var lab = new RouterLab(RouterLab.Budgeted(Priced, BudgetAction.HardStop, OnUnavailable.Allow), time);
        var hangs = new TaskCompletionSource();
        lab.Account().After = _ => hangs.Task;
        var request = lab.Ask() with { AccountPatience = TimeSpan.FromSeconds(1.3), AsksAgain = true };
        var silent = lab.SelectAsync(request).AsTask();
        time.Advance(TimeSpan.FromSeconds(1.2));
        Assert.False(silent.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));
        var first = await silent.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        var last = lab.SelectAsync(request with { Repeat = 1, AccountPatience = TimeSpan.FromSeconds(0.4), AsksAgain = false }).AsTask();
        time.Advance(TimeSpan.FromSeconds(0.4));
        var decided = await last.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        Assert.Equal((SelectionOutcome.AccountSilent, "c"), (first.Outcome, first.MayBeHeldBy));
        Assert.Equal((SelectionOutcome.Selected, null, "c"), (decided.Outcome, decided.Hold, decided.MayBeHeldBy));
    }
}
