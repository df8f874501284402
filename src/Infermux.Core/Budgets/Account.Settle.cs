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
        var tally = new ChargeTally();
        for (var i = (int)Math.Max(0, applied + 1 - first); i < batch.Bills.Count; i++)
        {
            var over = Apply(ref account, ref tally, batch.Bills[i], now, limit);
            excess += over ?? 0;
            stale += over is null ? 1 : 0;
        }

        var (judged, alerts) = tally.Into(account).Mark(batch.Gateway, batch.Number).Judge(limit);
        return new(judged, new(Math.Max(0, first - applied - 1), stale, excess), alerts);
    }

    /// <summary>Applies one bill and returns what it takes beyond its hold; null for one that is stale and changes nothing.</summary>
    private static decimal? Apply(ref Account account, ref ChargeTally tally, Bill bill, DateTimeOffset now, BudgetLimit? limit)
    {
        if (account.Open.TryGetValue(bill.Operation, out var open) && open.Holds)
        {
            account = account.Drop(open).Bury(bill.Operation, now);
            return Charge(ref account, ref tally, bill, open.ReservedAt, open.Held, Release(open));
        }

        if (account.Expired.TryGetValue(bill.Operation, out var expired))
        {
            account = account.Reverse(expired).Bury(bill.Operation, now);
            return Charge(ref account, ref tally, bill, expired.ReservedAt, expired.Held, default);
        }

        var began = bill.BeganAt < account.Clock ? bill.BeganAt : account.Clock; // a gateway's clock does not open periods
        if (bill.Held && account.Clock - began > ExpiredKept)
        {
            return null; // it was held, so it expired and was charged, more than 24 h ago
        }

        account = open is null ? account : account.Remove(open);

        // Without a budget that acts a delayed reserve holds nothing, and a busy account need not remember every request.
        account = bill.Held || limit is { Acts: true } ? account.Bury(bill.Operation, now) : account;
        return Charge(ref account, ref tally, bill, began, null, default);
    }

    private static decimal Charge(
        ref Account account, ref ChargeTally tally, Bill bill, DateTimeOffset moment, decimal? held, in SumsChange release)
    {
        (account, var project, var env) = account.TakeTags(moment, bill.Project, bill.Env);
        var (total, hour) = (default(CostSums), CostKey.HourOf(moment));
        for (var i = 0; i < bill.Lines.Count; i++)
        {
            var line = bill.Lines[i];
            var sums = SumsOf(line);
            total += sums;
            tally.Book(ref account, new(new(hour, bill.Caller, line.Provider, line.TargetModel, bill.Group, project, env), sums));
        }

        var excess = held is { } amount ? Math.Max(0, total.Cost - amount) : 0;
        tally.Sum(
            ref account, moment, release + new SumsChange(Settled: total.Cost, Excess: excess, Estimated: total.EstimatedCost, Unsettled: total.UnsettledCost));
        return excess;
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
