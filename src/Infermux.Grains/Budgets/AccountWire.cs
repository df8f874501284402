using Infermux.Core.Budgets;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Contracts.Ledger;

namespace Infermux.Grains.Budgets;

/// <summary>Between wire types, which know Orleans, and the account's own, which do not.</summary>
internal static class AccountWire
{
    public static HoldRequest[] Requests(ReserveBatch batch) => Map(batch.Commands, Request);

    public static ReserveAnswers Answers(HoldAnswer[] answers, AccountStamp stamp) => new(Array.ConvertAll(answers, answer => Answer(answer, stamp)));

    public static ReserveAnswers Unavailable(int count, DateTimeOffset siloTime)
    {
        var answers = new ReserveAnswer[count];
        Array.Fill(answers, new(ReserveOutcome.StoreUnavailable, 0, 0, 0, null, null, siloTime, 0));
        return new(answers);
    }

    public static BillBatch Batch(SettleBatch batch) => new(batch.Gateway, batch.Number, Map(batch.Settlements, Bill));

    public static LedgerBatch Batch(string account, OutboxBatch batch) => new(account, batch.Number, [.. batch.Rows.Select(Row)]);

    public static BudgetLimit? Limit(LimitOverride? limit) => limit is null
        ? null
        : new(limit.LimitUsd, limit.Period, limit.Action, limit.ModelOverride, BudgetLimit.DefaultWarnAt, BudgetLimit.DefaultDowngradeAt, LimitOrigin.Api);

    public static AccountView View(string account, AccountFigures figures) => new()
    {
        Account = account,
        PeriodStart = figures.Period.StartsAt,
        PeriodEnd = figures.Period.EndsAt,
        LimitUsd = figures.Limit?.LimitUsd,
        Action = figures.Limit?.Action,
        Settled = figures.Sums.Settled,
        Reserved = figures.Sums.Held,
        OpenHolds = figures.Sums.Open,
        Origin = Origin(figures.Limit?.Origin ?? LimitOrigin.None),
        Excess = figures.Sums.Excess,
        Estimated = figures.Sums.Estimated,
        Unsettled = figures.Sums.Unsettled,
    };

    private static HoldRequest Request(ReserveCommand command) => new()
    {
        Operation = command.Operation,
        Sequence = command.Sequence,
        NotAfter = command.NotAfter,
        Incarnation = command.Incarnation,
        Seen = command.Seen?.ToMark(),
        Line = new(command.Attempt, command.Provider, command.TargetModel, command.Amount, command.InputAmount, command.Stream),
        UnbilledAttempts = command.UnbilledAttempts,
        Overridden = command.Overridden,
        Project = command.Project,
        Env = command.Env,
        Group = command.Group,
    };

    private static ReserveAnswer Answer(HoldAnswer answer, AccountStamp stamp) => new(
        Outcome(answer.Outcome), answer.Limit, answer.Settled, answer.Reserved, answer.PeriodEnd, answer.ModelOverride, stamp.SiloTime, answer.Incarnation, stamp.Ledger);

    private static ReserveOutcome Outcome(HoldOutcome outcome) => outcome switch
    {
        HoldOutcome.Granted => ReserveOutcome.Granted,
        HoldOutcome.Denied => ReserveOutcome.Denied,
        HoldOutcome.Override => ReserveOutcome.Override,
        HoldOutcome.Late => ReserveOutcome.Late,
        HoldOutcome.NotNeeded => ReserveOutcome.NotNeeded,
        HoldOutcome.Moved => ReserveOutcome.Moved,
        HoldOutcome.Doubted => ReserveOutcome.LedgerDoubted,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    private static string Origin(LimitOrigin origin) => origin switch
    {
        LimitOrigin.None => "none",
        LimitOrigin.File => "file",
        LimitOrigin.Template => "template",
        LimitOrigin.Api => "api",
        _ => throw new ArgumentOutOfRangeException(nameof(origin), origin, null),
    };

    private static Bill Bill(Settlement settlement) => new()
    {
        Operation = settlement.Operation,
        Caller = settlement.Caller,
        Project = settlement.Project,
        Env = settlement.Env,
        Group = settlement.Group,
        BeganAt = settlement.BeganAt,
        Held = settlement.Held,
        Lines = Map(settlement.Lines, Line),
    };

    private static BillLine Line(SettledLine line) => new(
        line.Provider, line.TargetModel, line.PromptTokens, line.CompletionTokens, line.Cost, Mark(line.Mark), line.Succeeded);

    // Every settlement comes through here: no iterators and no growing lists.
    private static TTo[] Map<TFrom, TTo>(IReadOnlyList<TFrom> from, Func<TFrom, TTo> convert)
    {
        var to = new TTo[from.Count];
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = convert(from[i]);
        }

        return to;
    }

    private static BillMark Mark(SettleMark mark) => mark switch
    {
        SettleMark.Exact => BillMark.Exact,
        SettleMark.Estimated => BillMark.Estimated,
        SettleMark.Unsettled => BillMark.Unsettled,
        _ => throw new ArgumentOutOfRangeException(nameof(mark), mark, null),
    };

    private static LedgerRow Row(CostRow row) => new()
    {
        Hour = row.Key.Hour,
        Caller = row.Key.Caller,
        Provider = row.Key.Provider,
        Model = row.Key.Model,
        Group = row.Key.Group,
        Project = row.Key.Project,
        Env = row.Key.Env,
        Requests = row.Sums.Requests,
        FailedAttempts = row.Sums.FailedAttempts,
        PromptTokens = row.Sums.PromptTokens,
        CompletionTokens = row.Sums.CompletionTokens,
        Cost = row.Sums.Cost,
        EstimatedCost = row.Sums.EstimatedCost,
        UnsettledCost = row.Sums.UnsettledCost,
    };
}
