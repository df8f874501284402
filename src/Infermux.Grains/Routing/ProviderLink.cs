using Infermux.Grains.Contracts.Providers;

namespace Infermux.Grains.Routing;

/// <summary>This process's subscription to the owner of one provider: made anew every ten seconds and at each new owner, one call at a time.</summary>
/// <param name="provider">Its name.</param>
/// <param name="selects">Whether this process selects, so that it needs figures at once.</param>
/// <param name="grain">Its owner.</param>
/// <param name="time">The clock.</param>
internal sealed class ProviderLink(string provider, bool selects, IProviderGrain grain, TimeProvider time)
{
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(10);

    private long? _subscribedAt;
    private long _incarnation;
    private int _busy;

    public string Provider { get; } = provider;

    /// <summary>Whether the last call found nobody; for logs.</summary>
    public bool Lost { get; set; }

    public bool IsDue => !(_subscribedAt is { } at && time.GetElapsedTime(at) < Renewal);

    /// <summary>Whether an owner shows itself that does not know this process: it remembers no subscriptions of the one before. True once for each.</summary>
    public bool Misses(long incarnation)
    {
        if (incarnation <= Volatile.Read(ref _incarnation))
        {
            return false;
        }

        Volatile.Write(ref _incarnation, incarnation);
        _subscribedAt = null;
        return true;
    }

    /// <summary>The owner's view; null while an earlier call is still under way.</summary>
    public async ValueTask<ProviderView?> SubscribeAsync(IProviderViewObserver observer)
    {
        if (Interlocked.Exchange(ref _busy, 1) == 1)
        {
            return null;
        }

        try
        {
            var startedAt = time.GetTimestamp();
            var view = await (selects ? grain.SubscribeAsync(observer) : grain.WatchAsync(observer));
            _subscribedAt = startedAt;
            Volatile.Write(ref _incarnation, Math.Max(_incarnation, view.Incarnation));
            return view;
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    public Task UnsubscribeAsync(IProviderViewObserver observer) => grain.UnsubscribeAsync(observer);
}
