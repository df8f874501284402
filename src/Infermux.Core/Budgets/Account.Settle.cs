using Infermux.Core.Costs;

namespace Infermux.Core.Budgets;

public sealed partial record Account
{
    /// <summary>
    /// Charges what was billed, in the place of whatever the operations hold or were charged at expiry. Always accepted: the money is gone. A bill is applied
    /// once, by its number.
    /// </summary>
    public Transition<BillAnswer> Settle(BillBatch batch, DateTimeOffset now, BudgetLimit? configured)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var applied = Gateways.GetValueOrDefault(batch.Gateway).Number;
        if (batch.Number <= applied)
        {
            return Unchanged(default(BillAnswer));
        }

        var limit = LimitOver(configured);
        var first = batch.Number - batch.Bills.Count + 1;
        var account = Advance(now);
        var (stale, excess) = (0, 0m);
        for (var i = (int)Math.Max(0, applied + 1 - first); i < batch.Bills.Count; i++)
        {
            var before = account;
            (account, var over) = account.Apply(batch.Bills[i], now, limit);
            excess += over;
            stale += ReferenceEquals(before, account) ? 1 : 0;
        }

        var (judged, alerts) = account.Mark(batch.Gateway, batch.Number).Judge(limit);
        return new(judged, new(Math.Max(0, first - applied - 1), stale, excess), alerts);
    }

    /// <summary>Applies one bill; the same account comes back only for one that is stale.</summary>
    private (Account Next, decimal Excess) Apply(Bill bill, DateTimeOffset now, BudgetLimit? limit)
    {
        if (Open.TryGetValue(bill.Operation, out var open) && open.Holds)
        {
            return Remove(open).Bury(bill.Operation, now).Charge(bill, open.ReservedAt, open.Held);
        }

        if (Expired.TryGetValue(bill.Operation, out var expired))
        {
            return Reverse(expired).Bury(bill.Operation, now).Charge(bill, expired.ReservedAt, expired.Held);
        }

        var began = bill.BeganAt < Clock ? bill.BeganAt : Clock; // a gateway's clock does not open periods
        if (bill.Held && Clock - began > ExpiredKept)
        {
            return (this, 0); // it was held, so it expired and was charged, more than 24 h ago
        }

        var account = open is null ? this : Remove(open);

        // Without a budget that acts a delayed reserve holds nothing, and a busy account need not remember every request.
        account = bill.Held || limit is { Acts: true } ? account.Bury(bill.Operation, now) : account;
        return account.Charge(bill, began, null);
    }

    private (Account Next, decimal Excess) Charge(Bill bill, DateTimeOffset moment, decimal? held)
    {
        var (account, project, env) = TakeTags(moment, bill.Project, bill.Env);
        var (outbox, total) = (account.Outbox, default(CostSums));
        foreach (var line in bill.Lines)
        {
            var sums = SumsOf(line);
            total += sums;
            var hour = CostKey.HourOf(moment);
            outbox = outbox.Add(new(new(hour, bill.Caller, line.Provider, line.TargetModel, bill.Group, project, env), sums));
        }

        var excess = held is { } amount ? Math.Max(0, total.Cost - amount) : 0;
        var change = new SumsChange(Settled: total.Cost, Excess: excess, Estimated: total.EstimatedCost, Unsettled: total.UnsettledCost);
        account = (account with { Outbox = outbox }).Sum(moment, change);
        return (account, excess);
    }

    private static CostSums SumsOf(BillLine line) => new(
        line.Succeeded ? 1 : 0,
        line.Succeeded ? 0 : 1,
        line.PromptTokens,
        line.CompletionTokens,
        line.Cost,
        line.Mark == BillMark.Estimated ? line.Cost : 0,
        line.Mark == BillMark.Unsettled ? line.Cost : 0);

    private Account Mark(Guid gateway, long number)
    {
        var gateways = Gateways.SetItem(gateway, new(number, Clock));
        if (gateways.Count > Gateways.Count)
        {
            gateways = gateways.RemoveRange(gateways.Where(known => Clock - known.Value.SeenAt > GatewayKept).Select(known => known.Key).ToArray());
        }

        return this with { Gateways = gateways };
    }
}
