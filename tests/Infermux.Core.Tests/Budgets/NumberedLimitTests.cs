using CsCheck;
using Infermux.Core.Budgets;
using Infermux.Core.Configuration;
using Xunit;

namespace Infermux.Core.Tests.Budgets;

/// <summary>Whose limit an account goes by while processes run on different files.</summary>
public sealed class NumberedLimitTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly BudgetOptions Entry = new() { Caller = "a", LimitUsd = 1m, Action = BudgetAction.HardStop };

    [Fact]
    public void Under_ProcessesInAnyOrder_GoesByTheHighestNumberHeard() =>
        Gen.Select(Gen.Int[0, 6], Gen.Bool).Array[0, 30].Sample(steps =>
        {
            var (account, highest) = (new Account { Name = "a", Version = 1 }, 0);
            foreach (var (number, changes) in steps)
            {
                highest = Math.Max(highest, number);
                var said = Said(number);
                var expected = Said(highest).Limit;
                Assert.Equal(expected, account.FileLimit(said));
                var decided = account.Under(said, (heard, limit) =>
                {
                    Assert.Equal(expected, limit);
                    return new Core.Budgets.Transition<bool>(changes ? heard.Begun(heard.Clock + TimeSpan.FromSeconds(1)) : heard, true, []);
                });
                Assert.Equal(!changes && highest == (account.Configured?.Number ?? 0), ReferenceEquals(account, decided.Next)); // nothing new: no write
                account = decided.Next;
                Assert.Equal(highest == 0 ? null : Said(highest), account.Configured);
            }
        });

    [Fact]
    public void Under_AnAccountThatWasNeverStored_IsNoReasonToStoreIt()
    {
        var account = new Account { Name = "a" };
        Assert.Same(account, account.Under(Said(7), (heard, _) => new Core.Budgets.Transition<bool>(heard, true, [])).Next);
    }

    [Fact]
    public void Under_AnOlderFile_DecidesUnderTheNewLimitAndItsShares()
    {
        var account = new Account { Name = "a" }.Begun(Now);
        account = account.Under(new(7, Limit(10m)), (heard, limit) => heard.OverrideLimit(null, Now, limit)).Next;
        var reserve = new HoldRequest { Operation = Guid.NewGuid(), Sequence = 1, NotAfter = Now.AddSeconds(5), Line = new(1, "p", "m", 5m, 0.1m, false) };
        var answer = account.Under(new(6, Limit(1m)), (heard, limit) => heard.Reserve(reserve, Now, limit, LedgerTrust.NotKept)).Answer;
        Assert.Equal((HoldOutcome.Granted, 10m), (answer.Outcome, answer.Limit));
        answer = account.Under(new(8, Limit(1m)), (heard, limit) => heard.Reserve(reserve, Now, limit, LedgerTrust.NotKept)).Answer;
        Assert.Equal((HoldOutcome.Denied, 1m), (answer.Outcome, answer.Limit));
    }

    [Fact]
    public void Fingerprint_OfTheSameLimits_IsTheSameInAnyOrderAndBesideOtherKeys()
    {
        var other = Entry with { Caller = "*" };
        Assert.Equal(Of(Entry, other), Of(other, Entry));
        Assert.Equal(Of(Entry), Of(Entry with { OnUnavailable = OnUnavailable.Allow })); // a gateway's, not the account's
        Assert.Equal(Of(Entry), BudgetsFingerprint.Of(new() { Callers = [Entry], MaxCallers = 5 }));
    }

    [Fact]
    public void Fingerprint_OfOtherLimits_IsAnother()
    {
        BudgetOptions[] others =
        [
            Entry,
            Entry with { Caller = "*" }, Entry with { LimitUsd = 2m }, Entry with { Period = BudgetPeriod.Day }, Entry with { Action = BudgetAction.Alert },
            Entry with { ModelOverride = "m" }, Entry with { WarnAt = 0.5 }, Entry with { DowngradeAt = 0.5 },
        ];
        Assert.Equal(others.Length + 1, others.Select(entry => Of(entry)).Append(Of()).Distinct().Count());
    }

    private static string Of(params BudgetOptions[] entries) => BudgetsFingerprint.Of(new() { Callers = entries });

    private static NumberedLimit Said(int number) => new(number, number % 3 == 2 ? null : Limit(number % 3));

    private static BudgetLimit Limit(decimal usd) => new(usd, BudgetPeriod.Month, BudgetAction.HardStop, null, 0.8m, 1m, LimitOrigin.File);
}
