using CsCheck;
using Infermux.Core.Budgets;
using Infermux.Core.Configuration;
using Xunit;

namespace Infermux.Core.Tests.Budgets;

/// <summary>What a gateway may spend for an account that it cannot reach.</summary>
public sealed class CappedSpendTests
{
    private static readonly PeriodKey March = new(BudgetPeriod.Month, new DateOnly(2026, 3, 1));
    private static readonly PeriodKey April = new(BudgetPeriod.Month, new DateOnly(2026, 4, 1));
    private static readonly Guid[] Operations = [.. Enumerable.Range(1, 6).Select(n => new Guid(n, 0, 0, new byte[8]))];

    [Fact]
    public void Cap_OfAnyLimitOverAnyGateways_AddsUpToOnePercent() =>
        Gen.Select(Gen.Decimal[0m, 1_000_000m], Gen.Int[1, 500]).Sample((limit, gateways) =>
            CappedSpend.Cap(limit, gateways) * gateways is var all && all <= (limit * 0.01m) + 0.000_001m && all >= (limit * 0.01m) - 0.000_001m);

    [Theory]
    [InlineData(100, 1, 1)]
    [InlineData(100, 4, 0.25)]
    [InlineData(100, 0, 1)] // none seen yet: this one
    [InlineData(0, 1, 0)]
    public void Cap_OfALimit_IsDividedByGateways(int limit, int gateways, double cap) => Assert.Equal((decimal)cap, CappedSpend.Cap(limit, gateways));

    [Fact] // whatever the order of attempts and ends, while providers bill no more than an attempt can cost
    public void Total_WhateverHappens_StaysWithinTheCapAndIsWhatIsOpenAndWasBilled() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[1, 3], Gen.Int[0, 60], Gen.Bool).Array[0, 60].Sample(steps =>
        {
            const decimal cap = 100m;
            var (spend, open, billed) = (CappedSpend.None(March), new Dictionary<CappedAttempt, decimal>(), 0m);
            foreach (var (operation, attempt, amount, ends) in steps)
            {
                var key = new CappedAttempt(Operations[operation], attempt);
                if (ends)
                {
                    var bill = open.Where(one => one.Key.Operation == key.Operation).Sum(one => one.Value) / 2;
                    billed += bill;
                    spend = spend.Settle(key.Operation, bill);
                    open = open.Where(one => one.Key.Operation != key.Operation).ToDictionary();
                }
                else
                {
                    var fits = billed + open.Where(one => one.Key != key).Sum(one => one.Value) + amount <= cap;
                    var taken = spend.Take(key, amount, cap);
                    Assert.Equal(fits, taken is not null);
                    spend = taken ?? spend;
                    open[key] = fits ? amount : open.GetValueOrDefault(key);
                }

                Assert.Equal(billed + open.Values.Sum(), spend.Total);
                Assert.InRange(spend.Total, 0m, cap);
                Assert.Equal(cap - spend.Total, spend.Left(cap));
                Assert.Equal((spend.Total, 0), (spend.Abandoned().Total, spend.Abandoned().Open.Count));
            }
        });

    [Fact]
    public void Period_ThatIsLater_BeginsANewCapAndAnEarlierOneDoesNot()
    {
        var spent = CappedSpend.None(March).Take(new(Operations[0], 1), 1m, 1m)!;
        Assert.Null(spent.In(March).Take(new(Operations[1], 1), 0.1m, 1m));
        var april = spent.In(April);
        Assert.Equal((April, 1m), (april.Period, april.Left(1m)));
        Assert.Same(april, april.In(March)); // a clock that was set back
        Assert.Same(april, april.Settle(Operations[0], 1m)); // which began in March
    }

    [Fact]
    public void Period_OfAnotherLength_GoesOnWithWhatWasSpent()
    {
        var day = new PeriodKey(BudgetPeriod.Day, new DateOnly(2026, 3, 31));
        var spent = CappedSpend.None(March).Take(new(Operations[0], 1), 1m, 1m)!.In(day);
        Assert.Equal((day, 0m), (spent.Period, spent.Left(1m)));
        Assert.Equal(1m, spent.In(new(BudgetPeriod.Day, new DateOnly(2026, 4, 1))).Left(1m));
    }

    [Fact]
    public void Bill_AboveWhatAnAttemptCouldCost_CountsInFull()
    {
        var spent = CappedSpend.None(March).Take(new(Operations[0], 1), 1m, 1m)!.Settle(Operations[0], 3m);
        Assert.Equal((3m, 0m), (spent.Total, spent.Left(1m)));
    }
}
