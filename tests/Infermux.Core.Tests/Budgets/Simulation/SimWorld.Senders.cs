using Infermux.Core.Budgets;

namespace Infermux.Core.Tests.Budgets.Simulation;

/// <content>What gateways do.</content>
internal sealed partial class SimWorld
{
    private void Start()
    {
        var alive = _journals.Where(journal => journal.Alive).ToList();
        var operation = new SimOperation(NewId(), alive[_random.Next(alive.Count)], _random.Next(2) == 0) { Asked = Amount(1, 45), BeganAt = _now };
        _operations.Add(operation);
        _byId.Add(operation.Id, operation);
        Ask(operation);
    }

    /// <summary>Some operation takes its next step.</summary>
    private void Step()
    {
        var open = _operations.Where(operation => operation.Phase is SimPhase.Asking or SimPhase.Running or SimPhase.Voiding).ToList();
        if (open.Count == 0)
        {
            return;
        }

        var chosen = open[_random.Next(open.Count)];
        switch (chosen.Phase)
        {
            case SimPhase.Asking when _now - chosen.FirstTry <= TimeSpan.FromSeconds(3) && !_calm && _random.Next(3) > 0:
                Try(chosen);
                break;
            case SimPhase.Asking:
                GiveUpAsking(chosen);
                break;
            case SimPhase.Running:
                Run(chosen);
                break;
            default:
                SendVoid(chosen);
                break;
        }
    }

    private void Ask(SimOperation operation)
    {
        operation.Phase = SimPhase.Asking;
        operation.FirstTry = _now;
        Try(operation);
    }

    private void Try(SimOperation operation)
    {
        var attempted = ++operation.Try;
        var request = new HoldRequest
        {
            Operation = operation.Id,
            Sequence = operation.Sequence,
            NotAfter = _now + TimeSpan.FromSeconds(5),
            Incarnation = operation.Gateway.Account,
            Line = operation.Line,
            UnbilledAttempts = [.. operation.Unbilled],
            Overridden = operation.Overridden,
        };
        var name = Name("reserve", operation, (request.Sequence, request.Line.Amount));
        Send(name, () => Apply(
            name,
            account => Reserve(account, request),
            answer => Answered(operation, attempted, request, answer)));
    }

    private Transition<HoldAnswer> Reserve(Account account, HoldRequest request)
    {
        var transition = account.Reserve(request, SiloNow, _limit);
        CheckReserve(account, request, transition);
        if (transition.Answer.Outcome == HoldOutcome.Granted && !ReferenceEquals(account, transition.Next))
        {
            _lastSign[request.Operation] = SiloNow;
        }

        return transition;
    }

    private void Answered(SimOperation operation, int attempted, HoldRequest request, HoldAnswer answer)
    {
        operation.Gateway.Account = answer.Incarnation;
        if (operation.Phase != SimPhase.Asking || operation.Try != attempted)
        {
            return; // an answer to a call that timed out
        }

        switch (answer.Outcome)
        {
            case HoldOutcome.Granted:
                Require(operation.PeriodEnd is null || operation.PeriodEnd == answer.PeriodEnd, $"an operation changed its period");
                operation.PeriodEnd = answer.PeriodEnd;
                operation.Held = true;
                operation.Lines[operation.Attempt] = request.Line.Amount;
                operation.Phase = SimPhase.Running;
                break;
            case HoldOutcome.Moved:
                Try(operation);
                break;
            case HoldOutcome.NotNeeded:
                operation.Lines[operation.Attempt] = request.Line.Amount;
                operation.Allowed = true;
                operation.Phase = SimPhase.Running;
                break;
            case HoldOutcome.Override:
                operation.Overridden = true;
                AskCheaper(operation);
                break;
            case HoldOutcome.Denied when _random.Next(3) == 0 && operation.Asked > 0.02m:
                AskCheaper(operation);
                break;
            case HoldOutcome.Denied when operation.Lines.Count == 0 && _random.Next(2) == 0:
                operation.Phase = SimPhase.Resolved; // nothing was ever held: nothing to give back
                break;
            default:
                GiveUp(operation);
                break;
        }
    }

    private void AskCheaper(SimOperation operation)
    {
        operation.Sequence++;
        operation.Asked = Math.Round(operation.Asked / 2, 2, MidpointRounding.ToPositiveInfinity);
        Ask(operation);
    }

    private void GiveUpAsking(SimOperation operation)
    {
        if (operation.Lines.Count == 0 && _random.Next(4) == 0)
        {
            operation.Allowed = true; // on_unavailable: allow
            operation.Lines[operation.Attempt] = operation.Asked;
            operation.Phase = SimPhase.Running;
        }
        else
        {
            GiveUp(operation);
        }
    }

    /// <summary>The request ends without an answer: settled if anything may have been billed, else void.</summary>
    private void GiveUp(SimOperation operation)
    {
        if (operation.Lines.Count > operation.Unbilled.Count)
        {
            Settle(operation);
        }
        else
        {
            operation.Phase = SimPhase.Voiding;
            operation.Sequence++;
            SendVoid(operation);
        }
    }

    private void Run(SimOperation operation)
    {
        var attempt = operation.Attempt;
        var fate = _calm ? 0 : _random.Next(10);
        if (fate < 5)
        {
            var billed = Amount(0, (int)(operation.Lines[attempt] * 100));
            Bill(operation, attempt, fate == 4 && _random.Next(4) == 0 ? operation.Lines[attempt] + Amount(1, 5) : billed);
            Settle(operation);
        }
        else if (fate < 7)
        {
            operation.Unbilled.Add(attempt); // certainly not billed: the next attempt
            NextAttempt(operation);
        }
        else if (fate < 8)
        {
            Bill(operation, attempt, Amount(0, (int)(operation.Lines[attempt] * 100))); // its fate is unknown to the gateway until it settles
            NextAttempt(operation);
        }
        else
        {
            operation.Sequence++;
            operation.Asked = operation.Lines[attempt] + Amount(1, 20); // a stream about to pass its hold
            Ask(operation);
        }
    }

    private void NextAttempt(SimOperation operation)
    {
        operation.Attempt++;
        operation.Sequence++;
        operation.Asked = Amount(1, 45);
        Ask(operation);
    }

    private void Bill(SimOperation operation, int attempt, decimal amount)
    {
        operation.Billed[attempt] = amount;
        CheckSpent(operation, Math.Min(amount, operation.Lines[attempt]));
    }

    private static void Settle(SimOperation operation)
    {
        operation.Phase = SimPhase.Settling;
        var attempts = operation.Lines.Keys.Except(operation.Unbilled);
        operation.Gateway.Append(
            new()
            {
                Operation = operation.Id,
                Caller = "c",
                BeganAt = operation.BeganAt,
                Held = operation.Held,
                Lines = [.. attempts.Select(attempt => new BillLine(
                    "p" + (attempt % 2), "m", 10, 5, operation.Billed.GetValueOrDefault(attempt), BillMark.Exact, attempt == operation.Attempt))],
            },
            operation);
    }

    private void SendVoid(SimOperation operation)
    {
        var sequence = operation.Sequence;
        var notAfter = _now + TimeSpan.FromSeconds(5);
        var name = Name("void", operation);
        Send(name, () => Apply(
            name, account => account.Void(operation.Id, sequence, notAfter, SiloNow), answer => operation.Phase =
                operation.Phase == SimPhase.Voiding && answer != VoidOutcome.Late ? SimPhase.Resolved : operation.Phase));
    }

    private void SendBills(SimJournal journal)
    {
        if (journal.Acknowledged == journal.Bills.Count)
        {
            return;
        }

        var first = (int)journal.Acknowledged;
        var count = _calm ? journal.Bills.Count - first : _random.Next(1, journal.Bills.Count - first + 1);
        var batch = new BillBatch(journal.Incarnation, first + count, [.. journal.Bills.Skip(first).Take(count).Select(entry => entry.Bill)]);
        var name = Name("settle", journal.Bills[^1].Operation, batch.Number);
        Send(name, () => Apply(
            name,
            account => account.Settle(batch, SiloNow, _limit),
            _ => BillsAcknowledged(journal, batch.Number)));
    }

    private static void BillsAcknowledged(SimJournal journal, long number)
    {
        for (; journal.Acknowledged < number; journal.Acknowledged++)
        {
            journal.Bills[(int)journal.Acknowledged].Operation.Phase = SimPhase.Resolved;
        }
    }

    private void Refresh(SimJournal journal)
    {
        var signs = _operations
            .Where(operation => operation.Gateway == journal && operation.Held && operation.Phase is SimPhase.Running or SimPhase.Asking)
            .Select(operation => new HoldSign(operation.Id, Amount(0, 3)))
            .ToList();
        if (signs.Count > 0)
        {
            Send("refresh", () =>
            {
                foreach (var sign in signs.Where(sign => _shell.Current.Open.GetValueOrDefault(sign.Operation) is { Holds: true }))
                {
                    _lastSign[sign.Operation] = SiloNow;
                }

                Apply("refresh", account => account.Refresh(signs, SiloNow), _ => { });
            });
        }
    }

    /// <summary>kill -9: what runs is orphaned; the journal is replayed by the next process under its old number.</summary>
    private void KillGateway()
    {
        var journal = _journals[_random.Next(_journals.Count)];
        if (!journal.Alive)
        {
            return;
        }

        Trace("gateway died");
        journal.Alive = false;
        _journals.Add(new(NewId()));
        foreach (var operation in _operations.Where(o => o.Gateway == journal && o.Phase is SimPhase.Asking or SimPhase.Running or SimPhase.Voiding))
        {
            operation.Phase = SimPhase.Orphaned;
        }
    }
}
