namespace Infermux.Core.Budgets;

public sealed partial record Account
{
    /// <summary>
    /// Reserves or extends. Granted only if settled + all open lines + the amount stay within a hard limit; a line that does not grow is always granted.
    /// What a refused command says about unbilled attempts is kept all the same: it is a fact. An operation that is not known is begun only by a sender who
    /// has heard of this activation: a delayed copy of a command from before it cannot have.
    /// </summary>
    public Transition<HoldAnswer> Reserve(HoldRequest request, DateTimeOffset now, BudgetLimit? configured, LedgerTrust? ledger = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Line is { Amount: < 0 } or { InputAmount: < 0 })
        {
            throw new ArgumentException("Amounts are not negative.", nameof(request));
        }

        var limit = LimitOver(configured);
        var known = Open.GetValueOrDefault(request.Operation);
        if (IsResolved(request.Operation))
        {
            return Unchanged(Answer(HoldOutcome.Late, limit, Clock));
        }

        if (known is null && limit is { Acts: true } && request.Incarnation != Incarnation)
        {
            // It may be resolved, by an activation whose memory is gone. Said before its not-after is looked at: a sender that has not heard of this activation
            // has not heard of its clock either.
            return Unchanged(Answer(HoldOutcome.Moved, limit, Clock));
        }

        if (now > request.NotAfter)
        {
            return Unchanged(Answer(HoldOutcome.Late, limit, Clock));
        }

        if (Doubted(request, ledger ?? LedgerTrust.NotKept, limit) is { } doubted)
        {
            return doubted;
        }

        if (known is not null && request.Sequence <= known.Sequence)
        {
            return Unchanged(request.Sequence == known.Sequence
                ? Answer(known.Outcome, limit, known.ReservedAt, known.ModelOverride)
                : Answer(HoldOutcome.Late, limit, known.ReservedAt));
        }

        if (known is null && limit is not { Acts: true })
        {
            return Unchanged(Answer(HoldOutcome.NotNeeded, limit, Clock));
        }

        var (account, _) = Advance(now).ExpireDue(now, request.Operation);
        var (next, outcome) = account.Decide(request, known, now, limit);
        var (judged, alerts) = next.Judge(limit);
        var replacement = outcome == HoldOutcome.Override ? limit?.ModelOverride : null;
        return new(judged, judged.Answer(outcome, limit, judged.Open[request.Operation].ReservedAt, replacement), alerts);
    }

    private static HoldOutcome Weigh(BudgetLimit? limit, decimal exposure, bool overridden) => limit switch
    {
        not { Acts: true } => HoldOutcome.NotNeeded,
        { DowngradeUsd: { } downgrade } when exposure > downgrade && !overridden => HoldOutcome.Override,
        { IsHard: true } when exposure > limit.LimitUsd => HoldOutcome.Denied,
        _ => HoldOutcome.Granted,
    };

    private (Account Next, HoldOutcome Outcome) Decide(HoldRequest request, OpenOperation? known, DateTimeOffset now, BudgetLimit? limit)
    {
        var operation = (known ?? Begin(request)).Zeroed(request.UnbilledAttempts);
        if (!operation.Holds)
        {
            operation = operation with { ReservedAt = Clock };
        }

        var before = operation.HeldFor(request.Line.Attempt);
        var shrinks = request.Line.Amount <= before && operation.Lines.Any(line => line.Attempt == request.Line.Attempt);
        var outcome = Weigh(limit, ExposureWith(operation, known, request.Line.Amount - before, limit), request.Overridden);
        if (shrinks && outcome != HoldOutcome.NotNeeded)
        {
            outcome = HoldOutcome.Granted;
        }

        operation = outcome == HoldOutcome.Granted ? operation.With(request.Line) : operation;
        operation = operation with
        {
            Sequence = request.Sequence,
            Outcome = outcome,
            ModelOverride = outcome == HoldOutcome.Override ? limit?.ModelOverride : null,
            ExpiresAt = now + (operation.Holds ? HoldTtl : RefusalKept),
        };
        return (Put(known, operation), outcome);
    }

    /// <summary>What settled + held would be in the operation's period with the change granted.</summary>
    private decimal ExposureWith(OpenOperation operation, OpenOperation? known, decimal change, BudgetLimit? limit)
    {
        if (limit is null)
        {
            return 0;
        }

        var sums = SumsOf(limit.Period, operation.ReservedAt);
        return sums.Settled + sums.Held - (known?.Held ?? 0) + operation.Held + change;
    }

    private OpenOperation Begin(HoldRequest request) => new()
    {
        Operation = request.Operation,
        ReservedAt = Clock,
        Sequence = request.Sequence,
        Outcome = HoldOutcome.Denied,
        ExpiresAt = Clock,
        Project = request.Project,
        Env = request.Env,
        Group = request.Group,
    };

    private HoldAnswer Answer(HoldOutcome outcome, BudgetLimit? limit, DateTimeOffset moment, string? replacement = null)
    {
        if (limit is null)
        {
            return new(outcome, 0, 0, 0, null, replacement, Incarnation);
        }

        var sums = SumsOf(limit.Period, moment);
        return new(outcome, limit.LimitUsd, sums.Settled, sums.Held, PeriodKey.Of(limit.Period, moment).EndsAt, replacement, Incarnation);
    }
}
