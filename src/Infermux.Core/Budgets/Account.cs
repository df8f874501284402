using System.Collections.Immutable;
using Infermux.Core.Configuration;

namespace Infermux.Core.Budgets;

/// <summary>
/// The money of one caller: a pure state machine. A command, the time and the limit in force go in; the next account and the answer come out. Immutable, so
/// that a shell can decide on what is not yet stored and fall back to what is.
/// <list type="bullet">
/// <item>An operation is open (it has lines), expired (charged because nobody settled, correctable) or resolved (a tombstone, then nothing).</item>
/// <item>Sums are kept per period of every length for what is current, and for older periods while they have open operations.</item>
/// <item>Two clocks: <c>now</c> is the silo's and is what not-after and time to live are measured on; <see cref="Clock"/> never goes back and decides periods.</item>
/// <item>What is in flight is here; what is done is in the ledger.</item>
/// <item>What only guards against delayed commands (tombstones, refusals) lives as long as one activation and is never stored. A command of an earlier
/// activation's time is known by its <see cref="Incarnation"/> and holds nothing.</item>
/// </list>
/// </summary>
public sealed partial record Account
{
    /// <summary>How long a hold lives without a sign of life.</summary>
    public static TimeSpan HoldTtl { get; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the answer to an operation that holds nothing is remembered for its repeats.</summary>
    public static TimeSpan RefusalKept { get; } = Tombstones.Kept;

    /// <summary>How long an expired operation can be corrected by a late settle.</summary>
    public static TimeSpan ExpiredKept { get; } = TimeSpan.FromHours(24);

    /// <summary>How long a silent gateway's last bill number is remembered. A journal replayed later than this could be charged twice.</summary>
    public static TimeSpan GatewayKept { get; } = TimeSpan.FromDays(30);

    /// <summary>The account.</summary>
    public required string Name { get; init; }

    /// <summary>The latest time that was applied; periods go by it.</summary>
    public DateTimeOffset Clock { get; init; }

    /// <summary>
    /// The latest that <see cref="Clock"/> may become, where the silo's clock is ahead of the store's by more than a minute: a wrong clock opens no period. The
    /// shell sets it before a decision. Not stored.
    /// </summary>
    public DateTimeOffset Ceiling { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Which activation this is: a random number made anew whenever the account is loaded. Not stored.</summary>
    public long Incarnation { get; init; }

    /// <summary>The limit set through the management API; null where there is none.</summary>
    public BudgetLimit? Override { get; init; }

    /// <summary>The file's limit, from the newest configuration that the account has heard of; null before the first one with a number.</summary>
    public NumberedLimit? Configured { get; init; }

    /// <summary>Sums by period.</summary>
    public PeriodTable Periods { get; init; } = PeriodTable.Empty;

    /// <summary>Operations under way.</summary>
    public ImmutableDictionary<Guid, OpenOperation> Open { get; init; } = ImmutableDictionary<Guid, OpenOperation>.Empty;

    /// <summary>Operations charged at expiry.</summary>
    public ImmutableDictionary<Guid, ExpiredOperation> Expired { get; init; } = ImmutableDictionary<Guid, ExpiredOperation>.Empty;

    /// <summary>
    /// Nothing in <see cref="Open"/> and <see cref="Expired"/> is due before this moment; it may be earlier than what is due first. Looking through them all
    /// once it has come costs a busy account less than keeping them in order at every command.
    /// </summary>
    public DateTimeOffset NextDue { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Resolved operations that a delayed command could still name.</summary>
    public Tombstones Tombstones { get; init; } = Tombstones.Empty;

    /// <summary>How far each gateway's bills have been applied.</summary>
    public ImmutableDictionary<Guid, GatewayMark> Gateways { get; init; } = ImmutableDictionary<Guid, GatewayMark>.Empty;

    /// <summary>Cost rows on their way to the ledger.</summary>
    public Outbox Outbox { get; init; } = Outbox.Empty;

    /// <summary>The cost tags in use.</summary>
    public CostTags Tags { get; init; } = CostTags.Empty;

    /// <summary>
    /// The account as it goes on after it was loaded: nothing expires before a whole time to live has passed, since nobody could refresh it, and what an
    /// activation only remembers is gone.
    /// </summary>
    public Account Resume(DateTimeOffset now, long incarnation)
    {
        var open = Open.Values.Where(operation => operation.Holds).ToImmutableDictionary(
            operation => operation.Operation, operation => operation with { ExpiresAt = now + HoldTtl });
        var resumed = this with { Incarnation = incarnation, Open = open, Tombstones = Tombstones.Empty };
        return resumed with { NextDue = resumed.FirstDue() };
    }

    /// <summary>A new account at its first moment.</summary>
    public Account Begun(DateTimeOffset now) => Advance(now);

    /// <summary>Seals what waits in the outbox; to be stored before it is sent.</summary>
    public Account SealOutbox() => Outbox.CanSeal ? this with { Outbox = Outbox.Seal() } : this;

    /// <summary>Drops a batch that the ledger has booked. Losing this costs a repeated batch, which the ledger knows by its number.</summary>
    public Account AcknowledgeOutbox(DateOnly day, long number) => this with { Outbox = Outbox.Acknowledge(day, number) };

    private Transition<T> Unchanged<T>(T answer) => new(this, answer, []);

    /// <summary>Moves the guarded clock; on a new day, drops periods and tags that are over.</summary>
    private Account Advance(DateTimeOffset now)
    {
        var guarded = now < Ceiling ? now : Ceiling;
        if (guarded <= Clock)
        {
            return this;
        }

        var account = this with { Clock = guarded };
        return guarded.UtcDateTime.Date == Clock.UtcDateTime.Date ? account : account.Roll();
    }

    private Account Roll() => this with { Periods = Periods.Since(Clock), Tags = Tags.Since(DateOnly.FromDateTime(Clock.UtcDateTime)) };

    /// <summary>Adds to the sums of every period that contains a moment and is current or has open operations.</summary>
    internal Account Sum(DateTimeOffset moment, in SumsChange change) => this with { Periods = Periods.Plus(moment, Clock, change) };

    private PeriodSums SumsOf(BudgetPeriod kind, DateTimeOffset moment) => Periods[PeriodKey.Of(kind, moment)];

    /// <summary>Puts an operation in the place of its earlier form and keeps deadline and sums in step.</summary>
    private Account Put(OpenOperation? before, OpenOperation after)
    {
        var change = new SumsChange(
            Held: after.Held - (before?.Held ?? 0), Open: (after.Holds ? 1 : 0) - (before is { Holds: true } ? 1 : 0));
        return this with
        {
            Open = Open.SetItem(after.Operation, after),
            NextDue = after.ExpiresAt < NextDue ? after.ExpiresAt : NextDue,
            Periods = change == default ? Periods : Periods.Plus(after.ReservedAt, Clock, change),
        };
    }

    private Account Remove(OpenOperation operation)
    {
        var account = Drop(operation);
        return operation.Holds ? account.Sum(operation.ReservedAt, Release(operation)) : account;
    }

    /// <summary>Without an operation, whose hold is still in the sums.</summary>
    private Account Drop(OpenOperation operation) => this with { Open = Open.Remove(operation.Operation) };

    private static SumsChange Release(OpenOperation operation) => new(Held: -operation.Held, Open: -1);

    private Account Bury(Guid operation, DateTimeOffset now) =>
        Tombstones.Contains(operation) ? this : this with { Tombstones = Tombstones.Add(operation, now) };

    private bool IsResolved(Guid operation) => Expired.ContainsKey(operation) || Tombstones.Contains(operation);
}
