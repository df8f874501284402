using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Configuration;

/// <summary>Keys under <c>circuit_breaker</c>; a provider's own block overrides key by key.</summary>
public sealed record CircuitOptions
{
    /// <summary>Opens when faults ÷ verdicts in the window is greater than this, 0 to 1. Default 0.5.</summary>
    [Between("0", "1")]
    public double ErrorRateThreshold { get; init; } = 0.5;

    /// <summary>Opens after this many faults in a row, whatever the window holds. At least 1. Default 5.</summary>
    [Between("1")]
    public int ConsecutiveFailures { get; init; } = 5;

    /// <summary>Opens when the window's p95 latency is greater than this, in ms. Default 5000.</summary>
    [Between("1")]
    public int LatencyP95Ms { get; init; } = 5000;

    /// <summary>Sliding window of the error rate and of p95, in s. Default 60.</summary>
    [Between("1", "3600")]
    public int WindowSeconds { get; init; } = 60;

    /// <summary>Verdicts needed in the window before the error rate or p95 count. Default 10.</summary>
    [Between("1")]
    public int MinRequests { get; init; } = 10;

    /// <summary>Time open before the first probe. Default 30s.</summary>
    [Between("10ms", "24h")]
    public TimeSpan RecoveryWindow { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Limit of a probe's first content. Default 5s.</summary>
    [Between("10ms", "1h")]
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Counts an upstream 429 as a fault. Default false.</summary>
    public bool TreatRateLimitAsError { get; init; }

    /// <summary>Factor on <see cref="RecoveryWindow"/> for each failed probe in a row, at least 1. Default 1 (none).</summary>
    [Between("1", "100")]
    public double RecoveryBackoffMultiplier { get; init; } = 1.0;

    /// <summary>Cap of the above. Default 600s.</summary>
    [Between("10ms", "24h")]
    public TimeSpan RecoveryBackoffMax { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>True where the file itself sets <c>latency_p95_ms</c>: whole answers then count for p95 too, not streams alone.</summary>
    [TrueWhenGiven("latency_p95_ms")]
    public bool LatencyP95FromFile { get; init; }

    /// <summary>True where the file itself sets <c>probe_timeout</c>: it then bounds the probe's whole answer too.</summary>
    [TrueWhenGiven("probe_timeout")]
    public bool ProbeTimeoutFromFile { get; init; }
}
