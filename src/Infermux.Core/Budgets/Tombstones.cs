namespace Infermux.Core.Budgets;

/// <summary>
/// Operations that are resolved and must not be reserved again by a command that was delayed. Kept for <see cref="Kept"/> or longer, in two halves that take
/// turns, and only by one activation of the account: what an earlier one forgot is fenced off by <see cref="Account.Incarnation"/>. A value: adding to an
/// older one leaves the newer ones as they are. Not thread-safe, since values share memory.
/// </summary>
public sealed class Tombstones
{
    private readonly TombstoneHalf _older;
    private readonly TombstoneHalf _newer;
    private readonly DateTimeOffset _turnsAt;

    private Tombstones(TombstoneHalf older, TombstoneHalf newer, DateTimeOffset turnsAt) => (_older, _newer, _turnsAt) = (older, newer, turnsAt);

    /// <summary>None.</summary>
    public static Tombstones Empty { get; } = new(TombstoneHalf.Empty, TombstoneHalf.Empty, DateTimeOffset.MinValue);

    /// <summary>Longer than any not-after can lie ahead (5 s), clocks that disagree included.</summary>
    public static TimeSpan Kept { get; } = TimeSpan.FromSeconds(10);

    /// <summary>How many are remembered.</summary>
    public int Count => _older.Count + _newer.Count;

    /// <summary>Whether the operation is resolved.</summary>
    public bool Contains(Guid operation) => _newer.Contains(operation) || _older.Contains(operation);

    /// <summary>With an operation added.</summary>
    public Tombstones Add(Guid operation, DateTimeOffset now)
    {
        var left = Since(now);
        return new(left._older, left._newer.Add(operation), left.Count == 0 ? now + Kept : left._turnsAt);
    }

    /// <summary>Without those that nothing can race any more.</summary>
    public Tombstones Since(DateTimeOffset now)
    {
        if (Count == 0 || now < _turnsAt)
        {
            return this;
        }

        return now < _turnsAt + Kept ? new(_newer, TombstoneHalf.Empty, _turnsAt + Kept) : Empty;
    }
}
