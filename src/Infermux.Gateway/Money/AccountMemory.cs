using System.Collections.Concurrent;
using Infermux.Core.Clocks;
using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Money;

/// <summary>
/// What this gateway last heard of each account: which activation answered, the clock of its silo, in whose time not-afters are given, and the highest version,
/// by which a store that was set back is found out. Of the last 100,000 accounts.
/// </summary>
internal sealed class AccountMemory(LedgerMemory ledger, TimeProvider time)
{
    /// <summary>Accounts in each of the two halves, of which the older is dropped when the newer is full.</summary>
    private const int Half = 50_000;

    /// <summary>How long a money command may be on its way.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>A command of a request whose deadline is near gets this at least: one answer's time.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly Lock _turning = new();
    private ConcurrentDictionary<string, AccountSeen> _newer = new(StringComparer.Ordinal);
    private ConcurrentDictionary<string, AccountSeen> _older = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>To be noted when a question goes out, for <see cref="Heard(string, AccountStamp, TimeSpan)"/>.</summary>
    public TimeSpan Uptime => time.GetElapsedTime(0);

    /// <summary>The activation that last answered; 0 for an account that was never heard of.</summary>
    public long Incarnation(string account) => Find(account)?.Incarnation ?? 0;

    /// <summary>
    /// The not-after of a command that goes out now: min(<paramref name="left"/>, 5 s) ahead in the time of the account's silo. An account that was never heard
    /// of is asked in our own time, and tells its own before it looks at that.
    /// </summary>
    public DateTimeOffset NotAfter(string account, TimeSpan? left = null)
    {
        var now = Find(account)?.Clock?.Now(Uptime) ?? time.GetUtcNow();
        return now + (left is not { } bound || bound > Longest ? Longest : bound < Shortest ? Shortest : bound);
    }

    /// <summary>How far the account's ledger was seen; of an account that was never heard of, which ledger it was; null where none was heard of.</summary>
    public LedgerSeen? Seen(string account)
    {
        var now = ledger.Seen;
        return Find(account)?.Ledger is { } seen && now is not null && IsOfOne(seen, now) ? seen : now;
    }

    public void Heard(string account, AccountStamp stamp, TimeSpan asked)
    {
        var known = Find(account);
        var moved = known?.Incarnation != stamp.Incarnation;
        var clock = RemoteClock.Hear(moved ? null : known!.Clock, stamp.SiloTime, asked, Uptime);
        var seen = Later(known?.Ledger, stamp.Ledger);
        if (moved || !ReferenceEquals(clock, known!.Clock) || !ReferenceEquals(seen, known.Ledger))
        {
            Keep(account, new AccountSeen(stamp.Incarnation, clock, seen));
        }
    }

    private LedgerSeen? Later(LedgerSeen? known, LedgerSeen? told) =>
        told is null || !ledger.Heard(told) || (known?.Version >= told.Version && IsOfOne(known, told)) ? known : told;

    private static bool IsOfOne(LedgerSeen one, LedgerSeen other) =>
        one.Adopted == other.Adopted && string.Equals(one.Epoch, other.Epoch, StringComparison.Ordinal);

    private AccountSeen? Find(string account)
    {
        if (Volatile.Read(ref _newer).TryGetValue(account, out var known) || !Volatile.Read(ref _older).TryGetValue(account, out known))
        {
            return known;
        }

        Keep(account, known); // in use, so it stays when the older half goes
        return known;
    }

    private void Keep(string account, AccountSeen seen)
    {
        var newer = Volatile.Read(ref _newer);
        if (!newer.TryAdd(account, seen))
        {
            newer[account] = seen;
        }
        else if (Interlocked.Increment(ref _count) >= Half)
        {
            Turn(newer);
        }
    }

    private void Turn(ConcurrentDictionary<string, AccountSeen> full)
    {
        lock (_turning)
        {
            if (ReferenceEquals(full, _newer))
            {
                Volatile.Write(ref _older, full);
                Volatile.Write(ref _newer, new(StringComparer.Ordinal));
                Interlocked.Exchange(ref _count, 0);
            }
        }
    }
}
