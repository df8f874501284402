using Infermux.Core.Budgets;
using Infermux.Core.Configuration;
using Xunit;

namespace Infermux.Core.Tests.Budgets;

/// <summary>Every order of one operation's commands, each delivered once more at every later place: small, but complete.</summary>
public sealed class AccountOrdersTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 17, 10, 0, 0, TimeSpan.Zero);
    private static readonly Guid Operation = Guid.NewGuid();
    private static readonly Guid Gateway = Guid.NewGuid();
    private static readonly BudgetLimit Limit = new(1m, BudgetPeriod.Month, BudgetAction.HardStop, null, 0, 1, LimitOrigin.File);

    private static readonly Func<Account, DateTimeOffset, Account>[] Commands =
    [
        (account, now) => account.Reserve(Hold(1, 1, 0.4m), now, Limit).Next,
        (account, now) => account.Reserve(Hold(2, 2, 0.5m), now, Limit).Next,
        (account, now) => account.Settle(new(Gateway, 1, [Bill()]), now, Limit).Next,
        (account, now) => account.Void(Operation, 3, now, now).Next,
        (account, now) => account.Expire(now, Limit).Next,
        (account, now) => account.Refresh([new(Operation, 0.1m)], now).Next,
    ];

    [Fact]
    public void Account_EveryOrderWithEveryRepeat_ChargesOnceAndEndsWithNothingHeld()
    {
        var orders = 0;
        foreach (var order in Orders([], [0, 1, 2, 3, 4, 5]))
        {
            for (var repeated = 0; repeated < order.Length; repeated++)
            {
                for (var at = repeated + 1; at <= order.Length; at++)
                {
                    Play([.. order[..at], order[repeated], .. order[at..]]);
                    orders++;
                }
            }
        }

        Assert.Equal(720 * 21, orders);
    }

    private static void Play(int[] order)
    {
        // 1 s apart, and once with a hold's whole life before the last three
        foreach (var pause in new[] { 0, 31 })
        {
            var (account, now) = (new Account { Name = "a", Clock = Start }, Start);
            for (var i = 0; i < order.Length; i++)
            {
                now += TimeSpan.FromSeconds(i == order.Length - 3 ? 1 + pause : 1);
                account = Commands[order[i]](account, now);
                var sums = Month(account);
                Assert.Equal(account.Open.Values.Sum(open => open.Held), sums.Held);
                Assert.True(sums.Held + sums.Settled <= 1m, string.Join(' ', order));
            }

            account = account.Expire(now + TimeSpan.FromSeconds(31), Limit).Next;
            Assert.Equal((0.3m, 0m, 0m, 0), (Month(account).Settled, Month(account).Unsettled, Month(account).Held, account.Open.Count));
            Assert.Equal(0.3m, account.Outbox.Waiting.Values.Sum(rows => rows.Values.Sum(row => row.Cost)));
        }
    }

    private static PeriodSums Month(Account account) =>
        account.Periods[PeriodKey.Of(BudgetPeriod.Month, Start)];

    private static HoldRequest Hold(int sequence, int attempt, decimal amount) => new()
    {
        Operation = Operation,
        Sequence = sequence,
        NotAfter = Start.AddSeconds(10),
        Line = new(attempt, "p", "m", amount, 0.01m, false),
    };

    private static Bill Bill() => new()
    {
        Operation = Operation,
        Caller = "a",
        BeganAt = Start,
        Held = true,
        Lines = [new("p", "m", 1, 1, 0.3m, BillMark.Exact, true)],
    };

    private static IEnumerable<int[]> Orders(int[] taken, int[] left) => left.Length == 0
        ? [taken]
        : left.SelectMany(next => Orders([.. taken, next], [.. left.Where(other => other != next)]));
}
