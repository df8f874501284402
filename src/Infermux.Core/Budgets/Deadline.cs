namespace Infermux.Core.Budgets;

/// <summary>When something must be done about an operation; ordered by time.</summary>
/// <param name="At">The moment.</param>
/// <param name="Operation">The operation.</param>
public readonly record struct Deadline(DateTimeOffset At, Guid Operation) : IComparable<Deadline>
{
    /// <inheritdoc/>
    public int CompareTo(Deadline other)
    {
        var byTime = At.CompareTo(other.At);
        return byTime != 0 ? byTime : Operation.CompareTo(other.Operation);
    }

    /// <summary>Whether the left one comes first.</summary>
    public static bool operator <(Deadline left, Deadline right) => left.CompareTo(right) < 0;

    /// <summary>Whether the right one comes first.</summary>
    public static bool operator >(Deadline left, Deadline right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one does not come after the right.</summary>
    public static bool operator <=(Deadline left, Deadline right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left one does not come before the right.</summary>
    public static bool operator >=(Deadline left, Deadline right) => left.CompareTo(right) >= 0;
}
