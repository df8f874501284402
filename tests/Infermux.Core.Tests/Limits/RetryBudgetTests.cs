using CsCheck;
using Infermux.Core.Limits;
using Xunit;

namespace Infermux.Core.Tests.Limits;

public sealed class RetryBudgetTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void OutageOfEverything_ManyRequests_SettlesAtOnePointTwoAttempts()
    {
        var budget = new RetryBudget();
        var extra = 0;
        for (var n = 0; n < 10_000; n++)
        {
            budget.Requested(Start.AddMilliseconds(n * 10));
            while (budget.TryTake())
            {
                extra++;
            }
        }

        Assert.InRange(extra, 2_000, 2_050); // 0.2 each, and what it held at the start
    }

    [Fact]
    public void DeadPrimary_EveryFailoverSucceeds_NeverStarves()
    {
        var budget = new RetryBudget();
        for (var n = 0; n < 100_000; n++)
        {
            budget.Requested(Start.AddMilliseconds(n));
            Assert.True(budget.TryTake());
            budget.GiveBack();
        }
    }

    [Fact]
    public void DeadPrimary_AsManyInFlightAsComeInASecond_NeverStarves()
    {
        var budget = new RetryBudget();
        for (var n = 0; n < 20_000; n++)
        {
            budget.Requested(Start.AddMilliseconds(n)); // 1,000 requests a second, all well for the first 10 s
            if (n < 10_000)
            {
                continue;
            }

            Assert.True(budget.TryTake()); // each away for 0.9 s
            if (n >= 10_900)
            {
                budget.GiveBack();
            }
        }
    }

    [Fact]
    public void Budget_AnyHistory_StaysBetweenZeroAndItsCap() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 500], Gen.Int[1, 80]).Array[1, 100].Sample(steps =>
        {
            var budget = new RetryBudget();
            var now = Start;
            var requests = new List<long>();
            foreach (var (action, wait, count) in steps)
            {
                now = now.AddMilliseconds(wait);
                for (var i = 0; i < count; i++)
                {
                    switch (action)
                    {
                        case 0: budget.Requested(now); requests.Add(now.ToUnixTimeSeconds()); break;
                        case 1: budget.TryTake(); break;
                        default: budget.GiveBack(); break;
                    }
                }

                var most = requests.GroupBy(s => s).Select(g => g.Count()).DefaultIfEmpty().Max();
                Assert.InRange(budget.Tokens, 0, Math.Max(50, most));
            }
        });

    [Fact]
    public void ZeroBudget_OnceSpent_AdmitsNoExtraAttempt()
    {
        var budget = new RetryBudget(0);
        while (budget.TryTake())
        {
        }

        for (var n = 0; n < 100; n++)
        {
            budget.Requested(Start);
        }

        Assert.False(budget.TryTake());
    }

    [Fact]
    public async Task Budget_ManyThreads_LosesNoToken()
    {
        var budget = new RetryBudget(0);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var n = 0; n < 20_000; n++)
            {
                if (budget.TryTake())
                {
                    budget.GiveBack();
                }
            }
        })));
        Assert.Equal(50, budget.Tokens);
    }
}
