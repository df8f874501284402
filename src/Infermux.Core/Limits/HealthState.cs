using Infermux.Core.Configuration;

namespace Infermux.Core.Limits;

/// <summary>What health checks say of a provider: presumed healthy, unhealthy after two failures in a row, healthy again after one that passes.</summary>
/// <param name="FailuresInRow">Checks that failed since the last that passed.</param>
/// <param name="LastCheck">When the last one ended; null where there was none.</param>
public readonly record struct HealthState(int FailuresInRow, DateTimeOffset? LastCheck)
{
    private static readonly TimeSpan Confirm = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(5);

    /// <summary>Two failures in a row.</summary>
    public bool Failing => FailuresInRow >= 2;

    /// <summary>The state after a check.</summary>
    public HealthState After(bool alive, DateTimeOffset now) => new(alive ? 0 : Math.Min(FailuresInRow + 1, 2), now);

    /// <summary>From the end of the last check to the next: 1 s to confirm a failure, 5 s while failing, else <c>interval</c>.</summary>
    public TimeSpan NextAfter(HealthCheckOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var wait = FailuresInRow switch { 0 => options.Interval, 1 => Confirm, _ => Recheck };
        return wait < options.Interval ? wait : options.Interval;
    }

    /// <summary>Whether the provider is excluded: failing, and no live request succeeded within the last <c>interval</c>.</summary>
    public bool Excludes(DateTimeOffset? lastLiveSuccess, HealthCheckOptions options, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Failing && !(now - lastLiveSuccess < options.Interval);
    }
}
