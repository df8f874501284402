using Infermux.Grains.Contracts.Providers;
using Microsoft.Extensions.Logging;

namespace Infermux.Grains.Providers;

/// <summary>Who gets a provider's views. Each renews every 10 s and is forgotten after 30 s. A push is one-way and never waited for.</summary>
internal sealed partial class ViewObservers(ILogger logger)
{
    /// <summary>Off by <c>INFERMUX_DEBUG_VIEW_PUSHES=off</c> alone, which measures what the poll is worth without them.</summary>
    private static readonly bool Pushes = Environment.GetEnvironmentVariable("INFERMUX_DEBUG_VIEW_PUSHES") is not "off";

    /// <summary>How long whoever does not renew is still told.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(30);
    private readonly Dictionary<IProviderViewObserver, (DateTimeOffset At, bool Selects)> _renewed = [];

    /// <summary>Processes that watch.</summary>
    public int Count => _renewed.Count;

    public void Add(IProviderViewObserver observer, bool selects, DateTimeOffset now) => _renewed[observer] = (now, selects);

    public void Remove(IProviderViewObserver observer) => _renewed.Remove(observer);

    /// <param name="view">What is told.</param>
    /// <param name="toAll">Whether those that do not select must hear of it too.</param>
    /// <param name="now">The time.</param>
    public void Push(ProviderView view, bool toAll, DateTimeOffset now)
    {
        foreach (var (observer, renewed) in _renewed)
        {
            if (now - renewed.At > Life)
            {
                _renewed.Remove(observer);
            }
            else if (Pushes && (toAll || renewed.Selects))
            {
                _ = PushAsync(observer, view);
            }
        }
    }

    private async Task PushAsync(IProviderViewObserver observer, ProviderView view)
    {
        try
        {
            await observer.ChangedAsync(view);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Its process is gone, or will poll: either way nobody may wait for it.
            LogPushFailed(logger, e, view.Provider);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A view of {Provider} could not be pushed to one process; it polls each second.")]
    private static partial void LogPushFailed(ILogger logger, Exception exception, string provider);
}
