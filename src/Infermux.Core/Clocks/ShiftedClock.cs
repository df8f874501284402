namespace Infermux.Core.Clocks;

/// <summary>A clock that is wrong by a fixed amount, for tests of what wrong clocks do. Durations and timers are right.</summary>
/// <param name="inner">The right one.</param>
/// <param name="offset">How far it is ahead; negative: behind.</param>
public sealed class ShiftedClock(TimeProvider inner, TimeSpan offset) : TimeProvider
{
    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => inner.LocalTimeZone;

    /// <inheritdoc/>
    public override long TimestampFrequency => inner.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + offset;

    /// <inheritdoc/>
    public override long GetTimestamp() => inner.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(callback, state, dueTime, period);
}
