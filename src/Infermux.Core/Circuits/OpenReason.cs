namespace Infermux.Core.Circuits;

/// <summary>Why a circuit opened.</summary>
public enum OpenReason
{
    /// <summary>As many faults in a row as <c>consecutive_failures</c> names.</summary>
    ConsecutiveFailures,

    /// <summary>The window's error rate exceeded <c>error_rate_threshold</c>.</summary>
    ErrorRate,

    /// <summary>The window's p95 exceeded <c>latency_p95_ms</c>.</summary>
    LatencyP95,

    /// <summary>The half-open probe met a fault.</summary>
    ProbeFailed,

    /// <summary>Opened by hand.</summary>
    Manual,
}
