using Microsoft.Extensions.Logging;

namespace Infermux.Hosting.Clustering;

/// <summary>Looks for a first silo without end: gateways and silos are started in any order, and a gateway that gave up would have to be started again by hand.</summary>
internal sealed partial class UntilASiloComes(TimeProvider time, ILogger<UntilASiloComes> logger) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Reminder = TimeSpan.FromSeconds(30);

    private long? _saidAt;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (_saidAt is not { } at || time.GetElapsedTime(at) >= Reminder)
        {
            _saidAt = time.GetTimestamp();
            LogWaiting(exception.Message);
        }

        try
        {
            await Task.Delay(Pause, time, cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false; // the host stops
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No silo of this cluster was met yet, so this gateway is not ready; it goes on looking. "
        + "Start one with the same 'cluster' block (infermux-silo, or infermux serve), and check cluster.redis, cluster_id and service_id: {Reason}")]
    private partial void LogWaiting(string reason);
}
