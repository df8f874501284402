using Infermux.Grains.Contracts.Budgets;
using Microsoft.Extensions.Logging;

namespace Infermux.Grains.Budgets;

/// <summary>Remembers who listens, in memory alone: after a move everybody is back within 10 s, and an alert told meanwhile is in the log.</summary>
[GrainType("infermux.alerts")]
internal sealed partial class AlertsGrain(TimeProvider time, ILogger<AlertsGrain> logger) : Grain, IAlertsGrain
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(30);
    private readonly Dictionary<IAlertObserver, DateTimeOffset> _renewed = [];

    /// <inheritdoc/>
    public Task SubscribeAsync(IAlertObserver observer)
    {
        _renewed[observer] = time.GetUtcNow();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task UnsubscribeAsync(IAlertObserver observer)
    {
        _renewed.Remove(observer);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task TellAsync(AlertNotice notice)
    {
        var now = time.GetUtcNow();
        foreach (var (observer, renewed) in _renewed)
        {
            if (now - renewed > Life)
            {
                _renewed.Remove(observer);
            }
            else
            {
                _ = PushAsync(observer, notice);
            }
        }

        return Task.CompletedTask;
    }

    private async Task PushAsync(IAlertObserver observer, AlertNotice notice)
    {
        try
        {
            await observer.AlertedAsync(notice);
        }
        catch (Exception gone)
        {
            LogPushFailed(gone, notice.Account); // its process ended; it is forgotten by itself
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The alert of {Account} could not be pushed to one process")]
    private partial void LogPushFailed(Exception exception, string account);
}
