using Infermux.Core.Budgets;
using Infermux.Core.Configuration;

namespace Infermux.Core.Tests.Budgets.Simulation;

/// <content>What must hold, whatever happened. Everything is added up anew from facts; no running sum of the account is believed.</content>
internal sealed partial class SimWorld
{
    private void CheckState(Account account, string which)
    {
        foreach (var operation in account.Open.Values)
        {
            Require(!operation.Holds || _byId[operation.Operation].Phase != SimPhase.Resolved, $"I7: ghost hold of {operation.Operation} ({which})");
        }

        foreach (var expired in account.Expired.Values)
        {
            Require(_byId[expired.Operation].Phase != SimPhase.Resolved, $"I7: charge at expiry of resolved {expired.Operation} ({which})");
            Require(expired.Charged <= expired.Held, $"expiry charged {expired.Charged} over the hold {expired.Held}");
        }

        foreach (var (key, sums) in account.Periods.Entries)
        {
            var lines = account.Open.Values.Where(o => o.Holds && PeriodKey.Of(key.Kind, o.ReservedAt) == key).ToList();
            Require(sums.Held == lines.Sum(o => o.Lines.Sum(l => l.Amount)), $"I7: held of {key} is not the sum of its lines ({which})");
            Require(sums.Open == lines.Count, $"open count of {key} ({which})");
        }

        Require(account.NextDue <= account.FirstDue(), $"something is due at {account.FirstDue()}, before {account.NextDue} ({which})");
        var settled = SettledOf(account);
        var facts = _journals.Sum(j => j.SumTo(account.Gateways.GetValueOrDefault(j.Incarnation).Number)) + account.Expired.Values.Sum(e => e.Charged);
        Require(settled == facts, $"I5: settled {settled}, bills and expiries {facts} ({which})");
        Require(settled == _ledger.Total + Unsent(account), $"I5: settled {settled}, ledger {_ledger.Total} and outbox {Unsent(account)} ({which})");
    }

    private static decimal SettledOf(Account account) =>
        account.Periods[PeriodKey.Of(BudgetPeriod.Total, account.Clock)].Settled;

    private decimal Unsent(Account account) =>
        account.Outbox.Waiting.Values.Sum(rows => rows.Values.Sum(sums => sums.Cost))
        + account.Outbox.Sealed.Values.Where(batch => !_ledger.Has(batch)).Sum(batch => batch.Rows.Sum(row => row.Sums.Cost));

    private void CheckReserve(Account before, HoldRequest request, Transition<HoldAnswer> transition)
    {
        _tally.Count(SimTally.Of(transition.Answer.Outcome));
        if (transition.Answer.Outcome == HoldOutcome.Granted && PeriodKey.Of(BudgetPeriod.Day, transition.Next.Clock).StartsAt
            > transition.Next.Open[request.Operation].ReservedAt)
        {
            _tally.Count(SimEvent.ExtendedOldPeriod);
        }

        var applied = transition.Next.Open.GetValueOrDefault(request.Operation);
        Require(
            ReferenceEquals(before, transition.Next) || request.UnbilledAttempts.All(attempt => applied?.HeldFor(attempt) is null or 0),
            $"I7: an attempt that was not billed is still held");
        var fresh = before.Open.GetValueOrDefault(request.Operation)?.Sequence is not { } sequence || sequence < request.Sequence;
        if (_limit is not { IsHard: true } || !fresh)
        {
            return;
        }

        var after = transition.Next;
        if (transition.Answer.Outcome == HoldOutcome.Granted)
        {
            var exposure = Exposure(after, after.Open[request.Operation].ReservedAt);
            Require(exposure <= _limit.LimitUsd || Shrinks(before, request), $"I4: a grant took settled + held to {exposure}");
        }
        else if (transition.Answer.Outcome == HoldOutcome.Denied)
        {
            var exposure = Exposure(after, after.Open[request.Operation].ReservedAt);
            Require(exposure + request.Line.Amount > _limit.LimitUsd, $"I7: refused {request.Line.Amount} although only {exposure} is spent or held");
        }
    }

    private static bool Shrinks(Account before, HoldRequest request) =>
        before.Open.GetValueOrDefault(request.Operation)?.HeldFor(request.Line.Attempt) >= request.Line.Amount;

    private decimal Exposure(Account account, DateTimeOffset moment)
    {
        var key = PeriodKey.Of(_limit!.Period, moment);
        var held = account.Open.Values.Where(o => PeriodKey.Of(key.Kind, o.ReservedAt) == key).Sum(o => o.Lines.Sum(l => l.Amount));
        return account.Periods[key].Settled + held;
    }

    /// <summary>The other side of I4: what providers really billed within granted lines, over operations whose holds never expired.</summary>
    private void CheckSpent(SimOperation operation, decimal within)
    {
        if (_limit is not { IsHard: true } || operation.Allowed || operation.EverExpired)
        {
            return;
        }

        var period = operation.PeriodEnd ?? DateTimeOffset.MaxValue;
        _spent[period] = _spent.GetValueOrDefault(period) + within;
        Require(_spent[period] <= _limit.LimitUsd, $"I4: providers billed {_spent[period]} within grants of one period");
    }

    private void CheckExpiries(Account before, Account after)
    {
        if (ReferenceEquals(before.Expired, after.Expired))
        {
            return;
        }

        foreach (var id in after.Expired.Keys.Where(id => !before.Expired.ContainsKey(id)))
        {
            var sign = _lastSign.GetValueOrDefault(id, DateTimeOffset.MinValue);
            Require(SiloNow - sign >= Account.HoldTtl, $"I7: {id} expired {SiloNow - sign} after its last sign of life");
            Require(SiloNow - _resumedAt >= Account.HoldTtl, $"I7: {id} expired {SiloNow - _resumedAt} after the account was loaded");
            _byId[id].EverExpired = true;
            _tally.Count(SimEvent.Expired);
        }

        if (before.Expired.Keys.Any(id => !after.Expired.ContainsKey(id)))
        {
            _tally.Count(SimEvent.Corrected);
        }
    }

    private void CheckAlerts()
    {
        var alerts = _shell.Published;
        Require(alerts.Select(alert => (alert.PeriodStart, alert.Share)).Distinct().Count() == alerts.Count, $"an alert was sent twice");
    }

    /// <summary>Faults end; what is under way ends too. Then the books must balance and nothing may be held.</summary>
    private void Quiesce()
    {
        _calm = true;
        var stuck = _network.ToList();
        _network.Clear();
        for (var rounds = 0; !IsQuiet(); rounds++)
        {
            Require(rounds < 200, $"senders never came to rest");
            Round();
        }

        Advance(TimeSpan.FromSeconds(_random.Next(0, 20)));
        foreach (var message in stuck)
        {
            Deliver(message); // the last of the delayed ones
            CheckState(_shell.Current, "after a delayed message");
        }

        Settled();
        Advance(Account.HoldTtl + TimeSpan.FromSeconds(1));
        Expire();
        Settled();
        CheckQuiet();
    }

    private bool IsQuiet() =>
        _operations.All(o => o.Phase is SimPhase.Resolved or SimPhase.Orphaned) && _journals.All(j => j.Acknowledged == j.Bills.Count);

    private void Round()
    {
        Step();
        _journals.ForEach(SendBills);
        Drain();
    }

    private void Drain()
    {
        do
        {
            while (_network.Count > 0)
            {
                var message = _network[0];
                _network.RemoveAt(0);
                Deliver(message);
                CheckState(_shell.Current, "quiescing");
            }

            if (!_shell.Writing)
            {
                _shell.Begin();
            }

            Written();
        }
        while (_network.Count > 0);
    }

    private void Settled()
    {
        for (var i = 0; i < 8; i++)
        {
            Drain();
            SendOutbox();
        }

        Drain();
    }

    private void CheckQuiet()
    {
        var account = _shell.Current;
        CheckState(account, "quiet");
        CheckState(_shell.Durable, "quiet, durable");
        Require(account.Open.Values.All(o => !o.Holds), $"I7: something is held though nothing runs");
        Require(account.Periods.Entries.All(period => period.Value is { Held: 0, Open: 0 }), $"I7: held is not zero though nothing runs");
        Require(account.Outbox.IsEmpty, $"the outbox never emptied");
        var billed = _operations.Where(o => o.Phase == SimPhase.Resolved).Sum(o => o.Billed.Where(b => !o.Unbilled.Contains(b.Key)).Sum(b => b.Value));
        var marked = account.Expired.Values.Sum(e => e.Charged);
        var total = SettledOf(account);
        Require(account.Expired.Keys.All(id => _byId[id].Phase == SimPhase.Orphaned), $"only orphans stay marked");
        Require(total == billed + marked, $"I5: account {total}, providers billed {billed}, marked {marked}");
        Require(_ledger.Total == total, $"I5: ledger {_ledger.Total}, account {total}");
        Require(_ledger.Unsettled == marked, $"I5: ledger marks {_ledger.Unsettled}, account {marked}");
        CheckAlertsComplete(account);
    }

    private void CheckAlertsComplete(Account account)
    {
        if (_limit is null)
        {
            return;
        }

        var key = PeriodKey.Of(_limit.Period, account.Clock);
        var sums = account.Periods[key];
        Require(sums.Settled < _limit.WarnAt * _limit.LimitUsd || sums.Alerted.Contains(_limit.WarnAt), $"warn_at was reached and not judged");
    }
}
