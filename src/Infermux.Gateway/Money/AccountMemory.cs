using System.Collections.Concurrent;
using Infermux.Core.Clocks;
using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Money;

/// <summary>
/// What this gateway last heard of each account: which activation answered, and the clock of its silo, in whose time not-afters are given. Bounded by the
/// accounts that <see cref="AccountNames"/> gives out.
/// </summary>
internal sealed class AccountMemory(TimeProvider time)
{
    /// <summary>How long a money command may be on its way.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>A command of a request whose deadline is near gets this at least: one answer's time.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, AccountSeen> _known = new(StringComparer.Ordinal);

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

    public void Heard(string account, AccountStamp stamp, TimeSpan asked)
    {
        var known = Find(account);
        var moved = known?.Incarnation != stamp.Incarnation;
        var clock = RemoteClock.Hear(moved ? null : known!.Clock, stamp.SiloTime, asked, Uptime);
        if (moved || !ReferenceEquals(clock, known!.Clock))
        {
            _known[account] = new AccountSeen(stamp.Incarnation, clock);
        }
    }

    private AccountSeen? Find(string account) => _known.GetValueOrDefault(account);
}
