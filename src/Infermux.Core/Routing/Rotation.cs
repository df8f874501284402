namespace Infermux.Core.Routing;

/// <summary>The turn of <c>round_robin</c>: one per group, or per model where no group matches.</summary>
public sealed class Rotation
{
    private long _turn = -1;

    /// <summary>
    /// The turn of an attempt. Only first attempts take one: if failovers did too, two providers of which one is down would leave every first attempt
    /// to the dead one.
    /// </summary>
    public long Turn(int attempt) => attempt <= 1 ? Interlocked.Increment(ref _turn) : Math.Max(0, Volatile.Read(ref _turn));
}
