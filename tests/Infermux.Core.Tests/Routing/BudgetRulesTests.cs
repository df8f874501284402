using Infermux.Core.Configuration;
using Infermux.Core.Routing;
using Xunit;

namespace Infermux.Core.Tests.Routing;

public sealed class BudgetRulesTests
{
    private static readonly DateTimeOffset Now = RoutingLab.Now;

    [Fact]
    public void Find_NamedThenTemplateThenNone()
    {
        var rules = new BudgetRules(new BudgetsOptions { Callers = [new() { Caller = "*", LimitUsd = 1 }, new() { Caller = "a", LimitUsd = 2 }] });
        Assert.Equal((2m, 1m, 1m), (rules.Find("a")!.LimitUsd, rules.Find("b")!.LimitUsd, rules.Find("*")!.LimitUsd));
        Assert.Null(new BudgetRules(new BudgetsOptions { Callers = [new() { Caller = "a" }] }).Find("b"));
    }

    [Theory]
    [InlineData(null, null, BudgetAction.HardStop, OnUnavailable.Deny)]
    [InlineData(null, null, BudgetAction.ModelOverride, OnUnavailable.Allow)]
    [InlineData(null, OnUnavailable.Allow, BudgetAction.HardStop, OnUnavailable.Allow)]
    [InlineData(OnUnavailable.Deny, OnUnavailable.Allow, BudgetAction.HardStop, OnUnavailable.Deny)]
    public void WhenUnavailable_OwnThenBlocksThenByAction(OnUnavailable? own, OnUnavailable? block, BudgetAction action, OnUnavailable expected) =>
        Assert.Equal(expected, new BudgetRules(new BudgetsOptions { OnUnavailable = block }).WhenUnavailable(new BudgetOptions { Action = action, OnUnavailable = own }, null));

    [Fact]
    public void WhenUnavailable_LimitSetByTheApiAlone_FollowsItsAction() =>
        Assert.Equal(OnUnavailable.Deny, new BudgetRules(new BudgetsOptions()).WhenUnavailable(null, BudgetAction.HardStop));

    [Fact]
    public void Account_PastMaxCallers_NewNamesShareOneAndOldOnesKeepTheirs()
    {
        var rules = new BudgetRules(new BudgetsOptions { MaxCallers = 2, Callers = [new() { Caller = "named" }, new() { Caller = "*" }] });
        var accounts = new CallerAccounts();
        Assert.Equal(["a", "b", "*overflow", "named", "a", "*overflow"], new[] { "a", "b", "c", "named", "a", "c" }.Select(caller => accounts.Of(caller, rules)));
    }

    [Fact]
    public void LedgerBreaker_ThreeInARow_StopsForASecondAndThenAsksOnce()
    {
        var breaker = new LedgerBreaker();
        for (var i = 0; i < LedgerBreaker.Limit; i++)
        {
            Assert.True(breaker.MayAsk(Now));
            breaker.Answered(storeUnavailable: true, Now);
        }

        Assert.False(breaker.MayAsk(Now));
        Assert.False(breaker.MayAsk(Now.AddMilliseconds(999)));
        Assert.True(breaker.MayAsk(Now.AddSeconds(1)));
        Assert.False(breaker.MayAsk(Now.AddSeconds(1.5)));
        Assert.True(breaker.MayAsk(Now.AddSeconds(2)), "a question that nobody answered must not stop it for ever");
        breaker.Answered(storeUnavailable: false, Now.AddSeconds(2));
        Assert.True(breaker.MayAsk(Now.AddSeconds(2)));
    }

    [Fact]
    public void LedgerBreaker_NotInARow_KeepsAsking()
    {
        var breaker = new LedgerBreaker();
        for (var i = 0; i < 10; i++)
        {
            breaker.Answered(storeUnavailable: i % 3 != 2, Now);
            Assert.True(breaker.MayAsk(Now));
        }
    }
}
