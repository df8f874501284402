using Infermux.Core.Configuration;

namespace Infermux.Core.Circuits;

/// <summary>The times of a circuit, computed from its settings.</summary>
public static class CircuitRules
{
    /// <summary>What a permit outlives its probe's limit by, so that a result reported at the limit still counts.</summary>
    public static readonly TimeSpan PermitGrace = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a run of faults that no single gateway saw whole must stay without a success before it trips, for up to eighty processes: the way of the
    /// question to the gateways, and of what they answer at once.
    /// </summary>
    public static readonly TimeSpan ConfirmationTime = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a circuit stays open: <c>recovery_window</c> × <c>recovery_backoff_multiplier</c> for each failed probe, capped.</summary>
    /// <param name="options">The circuit's settings.</param>
    /// <param name="trips">Trips in a row, the first included; at least 1.</param>
    public static TimeSpan OpenFor(this CircuitOptions options, int trips)
    {
        ArgumentNullException.ThrowIfNull(options);
        var cap = options.RecoveryBackoffMax > options.RecoveryWindow ? options.RecoveryBackoffMax : options.RecoveryWindow;
        var factor = Math.Pow(Math.Max(1, options.RecoveryBackoffMultiplier), Math.Max(1, trips) - 1);
        var seconds = options.RecoveryWindow.TotalSeconds * factor;
        return seconds < cap.TotalSeconds ? TimeSpan.FromSeconds(seconds) : cap;
    }

    /// <summary>
    /// Limit of a probe's first content: <c>probe_timeout</c>; of a whole answer <c>timeout</c>, unless the file itself sets <c>probe_timeout</c>.
    /// </summary>
    public static TimeSpan ProbeLimit(this ProviderOptions provider, bool stream)
    {
        ArgumentNullException.ThrowIfNull(provider);
        var circuit = provider.CircuitBreaker;
        return stream || circuit.ProbeTimeoutFromFile ? circuit.ProbeTimeout : provider.Timeout;
    }

    /// <summary>How long a probe's permit lives.</summary>
    public static TimeSpan PermitLife(this ProviderOptions provider, bool stream) => provider.ProbeLimit(stream) + PermitGrace;

    /// <summary>The reason as views, logs and metrics spell it.</summary>
    public static string TagOf(OpenReason reason) => reason switch
    {
        OpenReason.ConsecutiveFailures => "consecutive_failures",
        OpenReason.ErrorRate => "error_rate",
        OpenReason.LatencyP95 => "latency_p95",
        OpenReason.ProbeFailed => "probe_failed",
        OpenReason.Manual => "manual",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "This reason has no tag."),
    };
}
