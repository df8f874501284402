namespace Infermux.Core.Budgets;

public sealed partial record Account
{
    /// <summary>
    /// Gives up an operation of which nothing was billed. One that is not known is buried, so that a reserve still on its way finds it resolved; one that
    /// expired gets its charge back, which is why a void that was long on its way changes nothing: its sender may have gone on since.
    /// </summary>
    public Transition<VoidOutcome> Void(Guid operation, int sequence, DateTimeOffset notAfter, DateTimeOffset now)
    {
        if (now > notAfter)
        {
            return Unchanged(VoidOutcome.Late);
        }

        if (Open.TryGetValue(operation, out var open))
        {
            // Behind a later reserve it is a delayed message: its sender went on.
            return sequence < open.Sequence ? Unchanged(VoidOutcome.Nothing) : new(Advance(now).Remove(open).Bury(operation, now), VoidOutcome.Given, []);
        }

        if (Expired.TryGetValue(operation, out var expired))
        {
            return new(Advance(now).Reverse(expired).Bury(operation, now), VoidOutcome.Given, []);
        }

        return Tombstones.Contains(operation) ? Unchanged(VoidOutcome.Nothing) : new(Advance(now).Bury(operation, now), VoidOutcome.Nothing, []);
    }

    /// <summary>Keeps holds alive. Operations that hold nothing here are passed over: their settle will tell.</summary>
    /// <returns>How many holds were kept.</returns>
    public Transition<int> Refresh(IReadOnlyList<HoldSign> signs, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(signs);
        var account = Advance(now);
        var kept = 0;
        foreach (var sign in signs)
        {
            if (account.Open.TryGetValue(sign.Operation, out var open) && open.Holds)
            {
                // A delayed sign never takes an actual back.
                account = account.Put(open, open with { Actual = Math.Max(open.Actual, sign.Actual), ExpiresAt = now + HoldTtl });
                kept++;
            }
        }

        return kept == 0 ? Unchanged(0) : new(account, kept, []);
    }

    /// <summary>Charges holds whose time is over and forgets what need not be remembered.</summary>
    /// <returns>How many holds were charged.</returns>
    public Transition<int> Expire(DateTimeOffset now, BudgetLimit? configured)
    {
        if (!IsDue(now))
        {
            return Unchanged(0);
        }

        var (account, charged) = Advance(now).ExpireDue(now, null);
        var (judged, alerts) = (account with { Tombstones = account.Tombstones.Since(now) }).Judge(LimitOver(configured));
        return new(judged, charged, alerts);
    }

    /// <summary>Whether <see cref="Expire"/> would do something.</summary>
    public bool IsDue(DateTimeOffset now) => NextDue <= now && FirstDue() <= now;

    private (Account Account, int Charged) ExpireDue(DateTimeOffset now, Guid? except)
    {
        if (NextDue > now)
        {
            return (this, 0);
        }

        var (account, charged) = (this, 0);
        foreach (var (_, operation) in DueBy(now))
        {
            if (operation == except)
            {
                continue;
            }

            if (Expired.TryGetValue(operation, out var expired))
            {
                account = account.Forget(expired);
            }
            else if (Open[operation] is { Holds: true } open)
            {
                account = account.ChargeExpired(open, now);
                charged++;
            }
            else
            {
                account = account.Remove(Open[operation]);
            }
        }

        return (account with { NextDue = account.FirstDue() }, charged);
    }

    /// <summary>What is due, the earliest first.</summary>
    private List<Deadline> DueBy(DateTimeOffset now)
    {
        var due = new List<Deadline>();
        foreach (var (operation, open) in Open)
        {
            if (open.ExpiresAt <= now)
            {
                due.Add(new(open.ExpiresAt, operation));
            }
        }

        foreach (var (operation, expired) in Expired)
        {
            if (expired.ForgetAt <= now)
            {
                due.Add(new(expired.ForgetAt, operation));
            }
        }

        due.Sort();
        return due;
    }

    /// <summary>When the first of all operations is due; the end of time where there are none.</summary>
    public DateTimeOffset FirstDue()
    {
        var first = DateTimeOffset.MaxValue;
        foreach (var (_, open) in Open)
        {
            first = open.ExpiresAt < first ? open.ExpiresAt : first;
        }

        foreach (var (_, expired) in Expired)
        {
            first = expired.ForgetAt < first ? expired.ForgetAt : first;
        }

        return first;
    }

    private Account ChargeExpired(OpenOperation open, DateTimeOffset now)
    {
        var (account, project, env) = TakeTags(open.ReservedAt, open.Project, open.Env);
        var expired = new ExpiredOperation(
            open.Operation, open.ReservedAt, open.Held, [.. Expiry.Charge(open, Name, project, env)], now + ExpiredKept);
        account = account.Remove(open);
        account = account with { Expired = account.Expired.Add(open.Operation, expired) };
        return account.Book(expired, sign: 1);
    }

    /// <summary>Takes back what expiry charged, in the account and in the ledger.</summary>
    private Account Reverse(ExpiredOperation expired) => Forget(expired).Book(expired, sign: -1);

    private Account Forget(ExpiredOperation expired) => this with { Expired = Expired.Remove(expired.Operation) };

    private Account Book(ExpiredOperation expired, int sign)
    {
        var outbox = Outbox;
        foreach (var row in expired.Rows)
        {
            outbox = outbox.Add(sign > 0 ? row : new(row.Key, -row.Sums));
        }

        var charged = sign * expired.Charged;
        return (this with { Outbox = outbox }).Sum(expired.ReservedAt, new(Settled: charged, Unsettled: charged));
    }

    private (Account Account, string Project, string Env) TakeTags(DateTimeOffset moment, string project, string env)
    {
        var (tags, bookedProject, bookedEnv) = Tags.Take(DateOnly.FromDateTime(moment.UtcDateTime), project, env);
        return (ReferenceEquals(tags, Tags) ? this : this with { Tags = tags }, bookedProject, bookedEnv);
    }
}
