using CsCheck;
using Infermux.Core.Budgets;
using Infermux.Core.Configuration;
using Xunit;

namespace Infermux.Core.Tests.Budgets;

public sealed class AccountTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 31, 23, 59, 50, TimeSpan.Zero);
    private static readonly Guid Gateway = Guid.NewGuid();
    private static readonly BudgetLimit Hard = new(1m, BudgetPeriod.Month, BudgetAction.HardStop, null, 0.8m, 1m, LimitOrigin.File);

    private static Account Fresh => new() { Name = "a", Clock = Now };

    [Theory]
    [InlineData(BudgetAction.ModelOverride, 0.85, HoldOutcome.Granted)]
    [InlineData(BudgetAction.ModelOverride, 0.95, HoldOutcome.Override)]
    [InlineData(BudgetAction.ModelOverride, 1.2, HoldOutcome.Override)]
    [InlineData(BudgetAction.HardStop, 0.95, HoldOutcome.Override)]
    [InlineData(BudgetAction.HardStop, 1.2, HoldOutcome.Override)]
    public void Reserve_PastDowngradeAt_AsksForTheReplacementFirst(BudgetAction action, double amount, HoldOutcome expected)
    {
        var limit = Hard with { Action = action, ModelOverride = "cheap", DowngradeAt = 0.9m };
        var answer = Fresh.Reserve(Hold(Guid.NewGuid(), (decimal)amount), Now, limit).Answer;
        Assert.Equal((expected, expected == HoldOutcome.Override ? "cheap" : null), (answer.Outcome, answer.ModelOverride));
    }

    [Theory]
    [InlineData(BudgetAction.ModelOverride, 1.2, HoldOutcome.Granted)]
    [InlineData(BudgetAction.HardStop, 1.0, HoldOutcome.Granted)]
    [InlineData(BudgetAction.HardStop, 1.2, HoldOutcome.Denied)]
    public void Reserve_ReplacementItself_IsRefusedOnlyByAHardLimit(BudgetAction action, double amount, HoldOutcome expected)
    {
        var limit = Hard with { Action = action, ModelOverride = "cheap", DowngradeAt = 0.9m };
        Assert.Equal(expected, Fresh.Reserve(Hold(Guid.NewGuid(), (decimal)amount) with { Overridden = true }, Now, limit).Answer.Outcome);
    }

    [Fact]
    public void Reserve_DowngradeAtAboveOne_NeverPassesAHardLimit()
    {
        var limit = Hard with { ModelOverride = "cheap", DowngradeAt = 2m };
        Assert.Equal(HoldOutcome.Override, Fresh.Reserve(Hold(Guid.NewGuid(), 1.1m), Now, limit).Answer.Outcome);
    }

    [Fact]
    public void Reserve_PastNotAfter_IsLateAndChangesNothing()
    {
        var account = Fresh;
        var late = account.Reserve(Hold(Guid.NewGuid(), 0.1m) with { NotAfter = Now }, Now.AddTicks(1), Hard);
        Assert.Equal(HoldOutcome.Late, late.Answer.Outcome);
        Assert.Same(account, late.Next);
    }

    [Fact]
    public void Reserve_OfAnotherActivationsTime_IsMovedWhateverItsNotAfter()
    {
        var account = Fresh with { Incarnation = 7 };
        var moved = account.Reserve(Hold(Guid.NewGuid(), 0.1m) with { NotAfter = Now.AddHours(-1) }, Now, Hard);
        Assert.Equal((HoldOutcome.Moved, 7L), (moved.Answer.Outcome, moved.Answer.Incarnation));
        Assert.Same(account, moved.Next);
    }

    [Fact]
    public void Extend_PastNotAfter_IsLateAndChangesNothing()
    {
        var operation = Guid.NewGuid();
        var account = Fresh.Reserve(Hold(operation, 0.1m), Now, Hard).Next;
        var late = account.Reserve(Hold(operation, 0.2m, sequence: 2), Now.AddSeconds(6), Hard);
        Assert.Equal(HoldOutcome.Late, late.Answer.Outcome);
        Assert.Same(account, late.Next);
    }

    [Fact]
    public void Void_PastNotAfter_IsLateAndTakesNoChargeBack()
    {
        var operation = Guid.NewGuid();
        var later = Now.AddSeconds(31);
        var account = Fresh.Reserve(Hold(operation, 0.3m), Now, Hard).Next.Expire(later, Hard).Next;
        var late = account.Void(operation, 2, later.AddTicks(-1), later);
        Assert.Equal(VoidOutcome.Late, late.Answer);
        Assert.Same(account, late.Next);
    }

    [Fact]
    public void Extend_Refused_KeepsTheEarlierLineAndStillZeroesUnbilledAttempts()
    {
        var operation = Guid.NewGuid();
        var account = Fresh.Reserve(Hold(operation, 0.3m), Now, Hard).Next;
        account = account.Reserve(Hold(operation, 0.2m, sequence: 2, attempt: 2), Now, Hard).Next;
        var refused = account.Reserve(Hold(operation, 1.5m, sequence: 3, attempt: 2) with { UnbilledAttempts = [1] }, Now, Hard);
        Assert.Equal((HoldOutcome.Denied, 0.2m), (refused.Answer.Outcome, refused.Answer.Reserved));
    }

    [Fact]
    public void Extend_ZeroedAttemptFreesItsMoney_SoTheNextFits()
    {
        var operation = Guid.NewGuid();
        var account = Fresh.Reserve(Hold(operation, 0.9m), Now, Hard).Next;
        var extended = account.Reserve(Hold(operation, 1m, sequence: 2, attempt: 2) with { UnbilledAttempts = [1] }, Now, Hard);
        Assert.Equal((HoldOutcome.Granted, 1m), (extended.Answer.Outcome, extended.Answer.Reserved));
    }

    [Fact]
    public void Extend_OverMidnight_StaysInThePeriodOfItsReserve()
    {
        var (old, young) = (Guid.NewGuid(), Guid.NewGuid());
        var account = Fresh.Reserve(Hold(old, 0.6m), Now, Hard).Next;
        var april = Now.AddSeconds(15);
        var fresh = account.Reserve(Hold(young, 0.9m, at: april), april, Hard);
        Assert.Equal((HoldOutcome.Granted, 0.9m), (fresh.Answer.Outcome, fresh.Answer.Reserved));
        var refused = fresh.Next.Reserve(Hold(old, 1.1m, sequence: 2, at: april), april, Hard);
        Assert.Equal((HoldOutcome.Denied, 0.6m, Now.AddSeconds(10)), (refused.Answer.Outcome, refused.Answer.Reserved, refused.Answer.PeriodEnd!.Value));
        var settled = refused.Next.Settle(new(Gateway, 1, [Bill(old, 0.5m)]), april, Hard).Next;
        Assert.Equal(0m, settled.Figures(april, Hard).Sums.Settled);
        Assert.Equal(31, Assert.Single(settled.Outbox.Waiting).Key.Day);
        Assert.DoesNotContain(settled.Periods.Entries.Select(period => period.Key), key => key.Kind == BudgetPeriod.Month && key.Start.Month == 3); // its last hold is gone
    }

    [Fact]
    public void Clock_GoesBack_DoesNotReopenAPeriod()
    {
        var april = Now.AddSeconds(15);
        var account = Fresh.Settle(new(Gateway, 1, [Bill(Guid.NewGuid(), 0.9m, held: false)]), Now, Hard).Next;
        account = account.Reserve(Hold(Guid.NewGuid(), 0.1m, at: april), april, Hard).Next;
        var back = account.Reserve(Hold(Guid.NewGuid(), 0.8m), Now, Hard);
        Assert.Equal((HoldOutcome.Granted, 0.9m), (back.Answer.Outcome, back.Answer.Reserved)); // April's money, at 23:59:50 of March again
    }

    [Fact]
    public void Void_BehindALaterReserve_IsADelayedMessage()
    {
        var operation = Guid.NewGuid();
        var account = Fresh.Reserve(Hold(operation, 0.3m, sequence: 5), Now, Hard).Next;
        Assert.Same(account, account.Void(operation, 4, Now, Now).Next);
        Assert.Equal(0, account.Void(operation, 6, Now, Now).Next.Figures(Now, Hard).Sums.Held);
    }

    [Fact]
    public void Void_AfterExpiry_GivesTheChargeBack()
    {
        var operation = Guid.NewGuid();
        var later = Now.AddSeconds(31);
        var account = Fresh.Reserve(Hold(operation, 0.3m), Now, Hard).Next.Expire(later, Hard).Next;
        Assert.Equal(0.3m, account.Figures(Now, Hard with { Period = BudgetPeriod.Total }).Sums.Unsettled);
        account = account.Void(operation, 2, later, later).Next;
        Assert.Equal(0m, account.Figures(Now, Hard with { Period = BudgetPeriod.Total }).Sums.Settled);
        Assert.Equal(0m, account.Outbox.Waiting.Values.Sum(rows => rows.Values.Sum(row => row.Cost)));
    }

    [Fact]
    public void Expire_StreamAndWholeAnswer_ChargeWhatVendorsWouldBill()
    {
        var (stream, whole) = (Guid.NewGuid(), Guid.NewGuid());
        var account = Fresh.Reserve(Hold(stream, 0.3m, stream: true), Now, Hard).Next;
        account = account.Reserve(Hold(stream, 0.2m, sequence: 2, attempt: 2, stream: true), Now, Hard).Next;
        account = account.Reserve(Hold(whole, 0.4m), Now, Hard).Next.Refresh([new(stream, 0.21m), new(whole, 0.05m)], Now).Next;
        account = account.Expire(Now.AddSeconds(30), Hard).Next;
        Assert.Equal([0.02m + 0.21m, 0.4m], new[] { stream, whole }.Select(id => account.Expired[id].Charged));
        Assert.Equal([0.2m, 0.03m], account.Expired[stream].Rows.Select(row => row.Sums.Cost)); // the running attempt first, up to its hold
    }

    [Fact]
    public void Expire_StreamOfWhichNothingWasHeard_ChargesItsInputMarkedUnsettled()
    {
        var operation = Guid.NewGuid();
        var account = Fresh.Reserve(Hold(operation, 0.3m, stream: true), Now, Hard).Next.Expire(Now.AddSeconds(30), Hard).Next;
        var sums = account.Figures(Now, Hard with { Period = BudgetPeriod.Total }).Sums;
        Assert.Equal((0.01m, 0.01m, 0m), (sums.Settled, sums.Unsettled, sums.Held)); // its gateway was killed before its first refresh
    }

    [Fact]
    public void Settle_AboveTheHold_IsTakenAndCounted()
    {
        var operation = Guid.NewGuid();
        var account = Fresh.Reserve(Hold(operation, 0.3m), Now, Hard).Next.Settle(new(Gateway, 1, [Bill(operation, 1.5m)]), Now, Hard).Next;
        var sums = account.Figures(Now, Hard).Sums;
        Assert.Equal((1.5m, 1.2m, 0m), (sums.Settled, sums.Excess, sums.Held));
    }

    [Fact]
    public void Settle_SameBillsCutDifferently_AppliesEachNumberOnce()
    {
        var bills = Enumerable.Range(1, 5).Select(i => Bill(Guid.NewGuid(), i / 100m, held: false)).ToList();
        var account = Fresh;
        foreach (var (first, last) in new[] { (1, 2), (1, 3), (2, 3), (3, 5), (1, 5), (4, 4) })
        {
            account = account.Settle(new(Gateway, last, bills[(first - 1)..last]), Now, null).Next;
        }

        Assert.Equal(0.15m, account.Figures(Now, null).Sums.Settled);
    }

    [Fact]
    public void Settle_NumbersMissing_IsTakenAndSaid()
    {
        var settled = Fresh.Settle(new(Gateway, 4, [Bill(Guid.NewGuid(), 0.1m)]), Now, Hard);
        Assert.Equal(3, settled.Answer.Missing);
        Assert.Equal(0.1m, settled.Next.Figures(Now, Hard).Sums.Settled);
    }

    [Fact]
    public void Settle_HoldExpiredMoreThanADayAgo_ChargeOfExpiryStands()
    {
        var operation = Guid.NewGuid();
        var account = Fresh.Reserve(Hold(operation, 0.3m), Now, Hard).Next.Expire(Now.AddSeconds(30), Hard).Next;
        var later = Now.AddDays(2);
        account = account.Expire(later, Hard).Next;
        var stale = account.Settle(new(Gateway, 1, [Bill(operation, 0.2m)]), later, Hard);
        Assert.Equal(1, stale.Answer.Stale);
        Assert.Equal(0.3m, stale.Next.Figures(later, Hard with { Period = BudgetPeriod.Total }).Sums.Settled);
    }

    [Fact]
    public void Settle_UnlimitedAccount_RemembersNoOperations()
    {
        var account = Fresh;
        for (var i = 1; i <= 1_000; i++)
        {
            account = account.Settle(new(Gateway, i, [Bill(Guid.NewGuid(), 0.01m, held: false)]), Now, null).Next;
        }

        Assert.Equal(0, account.Tombstones.Count);
        Assert.Empty(account.Open);
        Assert.Equal((10m, 1_000L), (account.Figures(Now, null).Sums.Settled, Assert.Single(Assert.Single(account.Outbox.Waiting).Value).Value.Requests));
    }

    [Fact]
    public void Alerts_EachShareOncePerPeriod()
    {
        var limit = Hard with { Action = BudgetAction.Alert };
        var (account, shares) = (Fresh, new List<decimal>());
        for (var i = 1; i <= 12; i++)
        {
            var at = i <= 6 ? Now : Now.AddMinutes(1);
            var settled = account.Settle(new(Gateway, i, [Bill(Guid.NewGuid(), 0.3m, held: false, at)]), at, limit);
            account = settled.Next;
            shares.AddRange(settled.Alerts.Select(alert => alert.Share));
        }

        Assert.Equal([0.8m, 1m, 0.8m, 1m], shares);
    }

    [Fact]
    public void Override_ByTheApi_BeatsTheFileUntilCleared()
    {
        var api = new BudgetLimit(0.2m, BudgetPeriod.Day, BudgetAction.HardStop, null, 0.8m, 1m, LimitOrigin.Api);
        var account = Fresh.OverrideLimit(api, Now, Hard).Next;
        Assert.Equal(HoldOutcome.Denied, account.Reserve(Hold(Guid.NewGuid(), 0.3m), Now, Hard).Answer.Outcome);
        Assert.Equal(HoldOutcome.Denied, account.Reserve(Hold(Guid.NewGuid(), 0.3m), Now, null).Answer.Outcome);
        Assert.Equal(HoldOutcome.Granted, account.OverrideLimit(null, Now, Hard).Next.Reserve(Hold(Guid.NewGuid(), 0.3m), Now, Hard).Answer.Outcome);
    }

    [Fact]
    public void Tags_PastAHundredPairsADay_BecomeOther()
    {
        var account = Fresh;
        for (var i = 1; i <= 150; i++)
        {
            var bill = Bill(Guid.NewGuid(), 0.01m, held: false) with { Project = "p" + i };
            account = account.Settle(new(Gateway, i, [bill]), Now, null).Next;
        }

        var rows = Assert.Single(account.Outbox.Waiting).Value;
        Assert.Equal(101, rows.Count);
        Assert.Equal(50, Assert.Single(rows, row => row.Key is { Project: "other", Env: "other" }).Value.Requests);
        var tomorrow = Now.AddDays(2);
        account = account.Settle(new(Gateway, 151, [Bill(Guid.NewGuid(), 1m, held: false, tomorrow) with { Project = "new" }]), tomorrow, null).Next;
        Assert.Contains(account.Outbox.Waiting[new DateOnly(2026, 4, 2)].Keys, key => string.Equals(key.Project, "new", StringComparison.Ordinal));
        Assert.Single(account.Tags.Days);
    }

    [Theory]
    [InlineData("named", LimitOrigin.File)]
    [InlineData("somebody", LimitOrigin.Template)]
    [InlineData("anonymous", LimitOrigin.Template)]
    public void Limits_Resolve_ByNameThenTemplate(string account, LimitOrigin expected)
    {
        var budgets = new BudgetsOptions { Callers = [new() { Caller = "*", LimitUsd = 1m }, new() { Caller = "named", LimitUsd = 2m }] };
        Assert.Equal(expected, BudgetLimits.Resolve(budgets, account)!.Origin);
        Assert.Null(BudgetLimits.Resolve(new(), account));
    }

    [Theory]
    [InlineData(BudgetPeriod.Day, "2026-03-01", "2026-03-02")]
    [InlineData(BudgetPeriod.Week, "2026-02-23", "2026-03-02")]
    [InlineData(BudgetPeriod.Month, "2026-03-01", "2026-04-01")]
    public void Periods_ASunday_StartsAndEndsInUtc(BudgetPeriod kind, string start, string end)
    {
        var key = PeriodKey.Of(kind, new DateTimeOffset(2026, 3, 2, 1, 0, 0, TimeSpan.FromHours(2))); // 23:00 of Sunday the 1st in UTC
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        Assert.Equal((start, end), (key.StartsAt!.Value.ToString("yyyy-MM-dd", culture), key.EndsAt!.Value.ToString("yyyy-MM-dd", culture)));
    }

    [Fact]
    public void Reserve_OfAnUnknownOperationBySomebodyWhoKnowsAnEarlierActivation_HoldsNothingAndTellsTheNewOne()
    {
        var known = Guid.NewGuid();
        var account = Fresh.Reserve(Hold(known, 0.2m), Now, Hard).Next.Resume(Now, incarnation: 7);

        var moved = account.Reserve(Hold(Guid.NewGuid(), 0.1m), Now, Hard);
        Assert.Equal((HoldOutcome.Moved, 7L), (moved.Answer.Outcome, moved.Answer.Incarnation));
        Assert.Same(account, moved.Next);
        Assert.Equal(HoldOutcome.Granted, account.Reserve(Hold(Guid.NewGuid(), 0.1m) with { Incarnation = 7 }, Now, Hard).Answer.Outcome);
        Assert.Equal(HoldOutcome.Granted, account.Reserve(Hold(known, 0.3m, sequence: 2), Now, Hard).Answer.Outcome);
        Assert.Equal(HoldOutcome.NotNeeded, account.Reserve(Hold(Guid.NewGuid(), 0.1m), Now, null).Answer.Outcome);
    }

    [Fact]
    public void Tombstones_OfTwoValuesThatGrewFromOne_AreNotMixed()
    {
        var (first, left, right, late) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var one = Tombstones.Empty.Add(first, Now);
        var (l, r) = (one.Add(left, Now), one.Add(right, Now));
        var turned = r.Add(late, Now + Tombstones.Kept);

        Assert.Equal((1, 2, 2, 3), (one.Count, l.Count, r.Count, turned.Count));
        Assert.True(l.Contains(first) && l.Contains(left) && !l.Contains(right));
        Assert.True(turned.Contains(first) && turned.Contains(right) && turned.Contains(late) && !turned.Contains(left));
    }

    [Fact]
    public void Tombstones_AreKeptTenToTwentySeconds()
    {
        Gen.Int[0, 60_000].Array[1, 50].Sample(offsets =>
        {
            var (tombstones, added) = (Tombstones.Empty, new List<(Guid Id, DateTimeOffset At)>());
            foreach (var at in offsets.Order().Select(offset => Now.AddMilliseconds(offset)))
            {
                added.Add((Guid.NewGuid(), at));
                tombstones = tombstones.Add(added[^1].Id, at);
                Assert.All(added, known => Assert.True(at - known.At >= Tombstones.Kept || tombstones.Contains(known.Id)));
                Assert.All(added, known => Assert.True(at - known.At < 2 * Tombstones.Kept || !tombstones.Contains(known.Id)));
            }
        });
    }

    private static HoldRequest Hold(
        Guid operation, decimal amount, int sequence = 1, int attempt = 1, bool stream = false, DateTimeOffset? at = null) => new()
        {
            Operation = operation,
            Sequence = sequence,
            NotAfter = (at ?? Now).AddSeconds(5),
            Line = new(attempt, "p", "m", amount, Math.Min(amount, 0.01m), stream),
        };

    private static Bill Bill(Guid operation, decimal cost, bool held = true, DateTimeOffset? at = null) => new()
    {
        Operation = operation,
        Caller = "a",
        BeganAt = at ?? Now,
        Held = held,
        Lines = [new("p", "m", 10, 5, cost, BillMark.Exact, true)],
    };
}
