using System.Collections.Immutable;
using Infermux.Core.Configuration;

namespace Infermux.Core.Budgets;

public sealed partial record Account
{
    /// <summary>The file's limit: what <paramref name="said"/> says, unless the account has heard of a newer configuration, or of this one before.</summary>
    public BudgetLimit? FileLimit(NumberedLimit said)
    {
        ArgumentNullException.ThrowIfNull(said);
        return Configured is null || said.Number > Configured.Number ? said.Limit : Configured.Limit;
    }

    /// <summary>
    /// Decides under the file's limit, and remembers the newest one: a process whose file is older goes by it when the account comes there. That costs each
    /// account one write for each number, with whatever it decides next; one that was never stored and stays as it is needs none.
    /// </summary>
    /// <param name="said">What the file of the process that decides says. A number of 0 is not remembered.</param>
    /// <param name="decide">The decision, on the account and the file's limit.</param>
    public Transition<T> Under<T>(NumberedLimit said, Func<Account, BudgetLimit?, Transition<T>> decide)
    {
        ArgumentNullException.ThrowIfNull(said);
        ArgumentNullException.ThrowIfNull(decide);
        var heard = said.Number > (Configured?.Number ?? 0) ? this with { Configured = said } : this;
        var decided = decide(heard, heard.FileLimit(said));
        return Version == 0 && ReferenceEquals(decided.Next, heard) ? decided with { Next = this } : decided;
    }

    /// <summary>The limit in force: the override of the management API over the file's. Shares come from the file where it has them.</summary>
    public BudgetLimit? LimitOver(BudgetLimit? configured) => Override is null || configured is null
        ? Override ?? configured
        : Override with { WarnAt = configured.WarnAt, DowngradeAt = configured.DowngradeAt };

    /// <summary>Sets a limit that beats the file's, or with null gives the file its say back.</summary>
    public Transition<bool> OverrideLimit(BudgetLimit? limit, DateTimeOffset now, BudgetLimit? configured)
    {
        if (limit is { LimitUsd: < 0 })
        {
            throw new ArgumentOutOfRangeException(nameof(limit), limit.LimitUsd, "A limit is not negative.");
        }

        var account = Advance(now) with { Override = limit };
        var (judged, alerts) = account.Judge(account.LimitOver(configured));
        return new(judged, true, alerts);
    }

    /// <summary>The account in figures. Without a limit they are those of all time.</summary>
    public AccountFigures Figures(DateTimeOffset now, BudgetLimit? configured)
    {
        var account = Advance(now);
        var limit = LimitOver(configured);
        var key = PeriodKey.Of(limit?.Period ?? BudgetPeriod.Total, account.Clock);
        return new(key, limit, account.Periods[key]);
    }

    /// <summary>Finds the shares of the limit that settled money has reached for the first time in the current period.</summary>
    private (Account Account, IReadOnlyList<BudgetAlert> Alerts) Judge(BudgetLimit? limit)
    {
        if (limit is null || limit.LimitUsd <= 0)
        {
            return (this, []);
        }

        var key = PeriodKey.Of(limit.Period, Clock);
        var sums = Periods[key];
        var reached = ImmutableArray<decimal>.Empty;
        reached = Reached(limit.WarnAt, limit, sums) ? reached.Add(limit.WarnAt) : reached;
        reached = limit.Action == BudgetAction.Alert && limit.WarnAt != 1 && Reached(1, limit, sums) ? reached.Add(1) : reached;
        if (reached.IsEmpty)
        {
            return (this, []);
        }

        var account = this with { Periods = Periods.SetItem(key, sums with { Alerted = sums.Alerted.AddRange(reached) }) };
        return (account, [.. reached.Select(share => new BudgetAlert(
            Name, share, limit.LimitUsd, sums.Settled, limit.Action, limit.Period, key.StartsAt, key.EndsAt))]);
    }

    private static bool Reached(decimal share, BudgetLimit limit, PeriodSums sums) =>
        share > 0 && sums.Settled >= share * limit.LimitUsd && !sums.Alerted.Contains(share);
}
