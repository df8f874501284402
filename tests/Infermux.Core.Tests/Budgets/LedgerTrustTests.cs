using Infermux.Core.Budgets;
using Infermux.Core.Configuration;
using Xunit;

namespace Infermux.Core.Tests.Budgets;

public sealed class LedgerTrustTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly BudgetLimit Hard = new(1m, BudgetPeriod.Month, BudgetAction.HardStop, null, 0.8m, 1m, LimitOrigin.File);
    private static readonly LedgerTrust Known = new("one", 100, null);

    [Theory]
    [InlineData(null, null, null, true)] // a first start
    [InlineData("one", null, null, false)] // a pinned one needs an explicit first start
    [InlineData(null, "one", null, false)]
    [InlineData(null, "one", "one", true)]
    [InlineData(null, "one", "two", false)]
    [InlineData(null, null, "two", true)]
    [InlineData("one", null, "two", false)]
    [InlineData("one", "one", "one", true)]
    public void Judge_WhatTheStoreSays_HoldsOnlyWhereItIsWhatIsPinnedAndKnown(string? pinned, string? known, string? stored, bool holds)
    {
        var trust = LedgerTrust.Judge(
            pinned, known is null ? null : Known with { Epoch = known }, stored is null ? null : new StoredEpoch(stored, Adopted: 100, Doubted: false));
        Assert.Equal(holds, trust.Holds);
    }

    [Fact]
    public void Judge_AnotherLedgerAdoptedSince_Holds()
    {
        Assert.True(LedgerTrust.Judge(null, Known, new("two", 101, Doubted: false)).Holds);
        Assert.False(LedgerTrust.Judge(null, Known, new("two", 99, Doubted: false)).Holds); // adopted once, long before
        Assert.False(LedgerTrust.Judge(null, Known, new("one", 100, Doubted: true)).Holds);
    }

    [Fact]
    public void Reserve_LedgerInDoubt_IsRefusedUnderAHardLimitOnly()
    {
        var doubt = Known with { Doubt = "emptied" };
        Assert.Equal(HoldOutcome.Doubted, Fresh.Reserve(Hold(), Now, Hard, doubt).Answer.Outcome);
        Assert.Equal(HoldOutcome.Granted, Fresh.Reserve(Hold(), Now, Hard, Known).Answer.Outcome);
        var soft = Hard with { Action = BudgetAction.ModelOverride, ModelOverride = "cheap" };
        Assert.Equal(HoldOutcome.Granted, Fresh.Reserve(Hold(), Now, soft, doubt).Answer.Outcome);
    }

    [Fact]
    public void Reserve_GatewayRemembersAnotherLedger_IsRefusedUnlessThisOneWasAdoptedSince()
    {
        var request = Hold() with { Seen = new("zero", 100, 5) };
        Assert.Equal(HoldOutcome.Doubted, Fresh.Reserve(request, Now, Hard, Known).Answer.Outcome);
        Assert.Equal(HoldOutcome.Granted, Fresh.Reserve(request, Now, Hard, Known with { Adopted = 101 }).Answer.Outcome);
    }

    [Fact]
    public void Reserve_OlderThanAGatewayHasSeen_IsRefusedToEveryGatewayUntilAdopted()
    {
        var account = Fresh with { Version = 7 };
        Assert.Equal(HoldOutcome.Granted, account.Reserve(Hold() with { Seen = Known.Mark(7) }, Now, Hard, Known).Answer.Outcome);

        var (setBack, answer, _) = account.Reserve(Hold() with { Seen = Known.Mark(8) }, Now, Hard, Known);
        Assert.Equal((HoldOutcome.Doubted, 100L), (answer.Outcome, setBack.SetBackUnder));
        Assert.Equal(0m, setBack.Figures(Now, Hard).Sums.Held);
        Assert.Equal(HoldOutcome.Doubted, setBack.Reserve(Hold(), Now, Hard, Known).Answer.Outcome); // a gateway that has seen nothing
        var adopted = Known with { Adopted = 200 };
        Assert.Equal(HoldOutcome.Granted, setBack.Reserve(Hold() with { Seen = Known.Mark(8) }, Now, Hard, adopted).Answer.Outcome);
    }

    private static Account Fresh => new() { Name = "a", Clock = Now };

    private static HoldRequest Hold() =>
        new() { Operation = Guid.NewGuid(), Sequence = 1, NotAfter = Now.AddSeconds(5), Line = new(1, "p", "m", 0.1m, 0.01m, false) };
}
