using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Infermux.Core.Budgets;
using Infermux.Core.Configuration;
using Infermux.Grains.Budgets.Records;

namespace Infermux.Grains.Budgets;

/// <summary>Between an account and its stored form. Held sums, open counts and deadlines are not stored: they
/// follow from the operations. Nor is what one activation remembers against delayed commands.</summary>
internal static class AccountRecords
{
    /// <summary>The stored form.</summary>
    public static AccountRecord Of(Account account) => new()
    {
        Name = account.Name,
        Clock = account.Clock.UtcTicks,
        Override = Of(account.Override),
        Configured = account.Configured is { } configured ? Of(configured) : null,
        Periods = Map(account.Periods.Entries, account.Periods.Entries.Length, static entry => Of(entry.Key, entry.Value)),
        Open = Holding(account.Open),
        Expired = Map(account.Expired, account.Expired.Count, static entry => Of(entry.Value)),
        Gateways = Map(account.Gateways, account.Gateways.Count, static entry => new GatewayRecord { Gateway = entry.Key, Number = entry.Value.Number, SeenAt = entry.Value.SeenAt.UtcTicks }),
        Version = account.Version,
        SetBackUnder = account.SetBackUnder,
        OutboxNumber = account.Outbox.Number,
        Waiting = [.. account.Outbox.Waiting.Values.SelectMany(rows => rows.Select(row => Of(new CostRow(row.Key, row.Value))))],
        Sealed = Map(account.Outbox.Sealed, account.Outbox.Sealed.Count, static entry => new BatchRecord { Day = entry.Key.DayNumber, Number = entry.Value.Number, Rows = [.. entry.Value.Rows.Select(Of)] }),
        Tags = [.. account.Tags.Days.SelectMany(day => day.Value.Select(pair => new TagRecord { Day = day.Key.DayNumber, Project = pair.Project, Env = pair.Env }))],
    };

    /// <summary>The account that a stored form describes, before <see cref="Account.Resume"/>.</summary>
    public static Account Read(AccountRecord record)
    {
        var open = record.Open.Select(Read).ToImmutableDictionary(operation => operation.Operation);
        var expired = record.Expired.Select(Read).ToImmutableDictionary(operation => operation.Operation);
        return new()
        {
            Name = record.Name,
            Clock = At(record.Clock),
            Override = record.Override is { } limit
                ? new(limit.LimitUsd, limit.Period, limit.Action, limit.ModelOverride, BudgetLimit.DefaultWarnAt, BudgetLimit.DefaultDowngradeAt, LimitOrigin.Api)
                : null,
            Configured = record.Configured is { } configured ? Read(configured) : null,
            Periods = PeriodTable.Of(record.Periods.Select(period =>
                KeyValuePair.Create(new PeriodKey(period.Kind, DateOnly.FromDayNumber(period.Start)), Read(period, open.Values)))),
            Open = open,
            Expired = expired,
            Gateways = record.Gateways.ToImmutableDictionary(gateway => gateway.Gateway, gateway => new GatewayMark(gateway.Number, At(gateway.SeenAt))),
            Version = record.Version,
            SetBackUnder = record.SetBackUnder,
            Outbox = ReadOutbox(record),
            Tags = new()
            {
                Days = record.Tags.GroupBy(tag => tag.Day).ToImmutableDictionary(
                    day => DateOnly.FromDayNumber(day.Key), day => day.Select(tag => (tag.Project, tag.Env)).ToImmutableHashSet()),
            },
        };
    }

    private static TTo[] Map<TFrom, TTo>(IEnumerable<TFrom> from, int count, Func<TFrom, TTo> map)
    {
        var to = count == 0 ? [] : new TTo[count];
        var i = 0;
        foreach (var item in from)
        {
            to[i++] = map(item);
        }

        return to;
    }

    private static OperationRecord[] Holding(ImmutableDictionary<Guid, OpenOperation> open)
    {
        var (records, count) = (new OperationRecord[open.Count], 0);
        foreach (var (_, operation) in open)
        {
            if (operation.Holds)
            {
                records[count++] = Of(operation);
            }
        }

        return count == records.Length ? records : records[..count]; // a refused one holds nothing, and is rare
    }

    private static LimitRecord? Of(BudgetLimit? limit) => limit is null
        ? null
        : new() { LimitUsd = limit.LimitUsd, Period = limit.Period, Action = limit.Action, ModelOverride = limit.ModelOverride };

    private static ConfiguredRecord Of(NumberedLimit configured) => new()
    {
        Number = configured.Number,
        Limit = Of(configured.Limit),
        WarnAt = configured.Limit?.WarnAt ?? 0,
        DowngradeAt = configured.Limit?.DowngradeAt ?? 0,
        Origin = configured.Limit?.Origin ?? LimitOrigin.None,
    };

    private static PeriodRecord Of(PeriodKey key, PeriodSums sums) => new()
    {
        Kind = key.Kind,
        Start = key.Start.DayNumber,
        Settled = sums.Settled,
        Excess = sums.Excess,
        Estimated = sums.Estimated,
        Unsettled = sums.Unsettled,
        Alerted = [.. sums.Alerted],
    };

    private static OperationRecord Of(OpenOperation open) => new()
    {
        Operation = open.Operation,
        ReservedAt = open.ReservedAt.UtcTicks,
        Sequence = open.Sequence,
        Outcome = open.Outcome,
        ModelOverride = open.ModelOverride,
        Lines = Array.ConvertAll(ImmutableCollectionsMarshal.AsArray(open.Lines)!, static line => new LineRecord
        {
            Attempt = line.Attempt,
            Provider = line.Provider,
            TargetModel = line.TargetModel,
            Amount = line.Amount,
            InputAmount = line.InputAmount,
            Stream = line.Stream,
        }),
        Actual = open.Actual,
        ExpiresAt = open.ExpiresAt.UtcTicks,
        Project = open.Project,
        Env = open.Env,
        Group = open.Group,
    };

    private static ExpiredRecord Of(ExpiredOperation expired) => new()
    {
        Operation = expired.Operation,
        ReservedAt = expired.ReservedAt.UtcTicks,
        Held = expired.Held,
        Rows = [.. expired.Rows.Select(Of)],
        ForgetAt = expired.ForgetAt.UtcTicks,
    };

    private static CostRecord Of(CostRow row) => new()
    {
        Hour = row.Key.Hour.UtcTicks,
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

    private static NumberedLimit Read(ConfiguredRecord configured) => new(configured.Number, configured.Limit is { } limit
        ? new(limit.LimitUsd, limit.Period, limit.Action, limit.ModelOverride, configured.WarnAt, configured.DowngradeAt, configured.Origin)
        : null);

    private static PeriodSums Read(PeriodRecord period, IEnumerable<OpenOperation> open)
    {
        var key = new PeriodKey(period.Kind, DateOnly.FromDayNumber(period.Start));
        var holds = open.Where(operation => operation.Holds && PeriodKey.Of(key.Kind, operation.ReservedAt) == key).ToList();
        return new()
        {
            Settled = period.Settled,
            Held = holds.Sum(operation => operation.Held),
            Open = holds.Count,
            Excess = period.Excess,
            Estimated = period.Estimated,
            Unsettled = period.Unsettled,
            Alerted = [.. period.Alerted],
        };
    }

    private static OpenOperation Read(OperationRecord open) => new()
    {
        Operation = open.Operation,
        ReservedAt = At(open.ReservedAt),
        Sequence = open.Sequence,
        Outcome = open.Outcome,
        ModelOverride = open.ModelOverride,
        Lines = [.. open.Lines.Select(line => new HoldLine(line.Attempt, line.Provider, line.TargetModel, line.Amount, line.InputAmount, line.Stream))],
        Actual = open.Actual,
        ExpiresAt = At(open.ExpiresAt),
        Project = open.Project,
        Env = open.Env,
        Group = open.Group,
    };

    private static ExpiredOperation Read(ExpiredRecord expired) =>
        new(expired.Operation, At(expired.ReservedAt), expired.Held, [.. expired.Rows.Select(Read)], At(expired.ForgetAt));

    private static CostRow Read(CostRecord row) => new(
        new(At(row.Hour), row.Caller, row.Provider, row.Model, row.Group, row.Project, row.Env),
        new(row.Requests, row.FailedAttempts, row.PromptTokens, row.CompletionTokens, row.Cost, row.EstimatedCost, row.UnsettledCost));

    private static Outbox ReadOutbox(AccountRecord record) => new()
    {
        Number = record.OutboxNumber,
        Waiting = record.Waiting.Select(Read).GroupBy(row => row.Key.Day).ToImmutableDictionary(
            day => day.Key, day => day.ToImmutableDictionary(row => row.Key, row => row.Sums)),
        Sealed = record.Sealed.ToImmutableDictionary(
            batch => DateOnly.FromDayNumber(batch.Day),
            batch => new OutboxBatch(DateOnly.FromDayNumber(batch.Day), batch.Number, [.. batch.Rows.Select(Read)])),
    };

    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);
}
