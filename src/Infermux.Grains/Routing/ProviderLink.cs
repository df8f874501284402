using Infermux.Grains.Contracts.Providers;

namespace Infermux.Grains.Routing;

/// <summary>This process's tie to the owner of one provider: at most one call under way, a subscription every ten seconds, else a poll.</summary>
internal sealed class ProviderLink(string provider, IProviderGrain grain, TimeProvider time)
{
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(10);

    private long? _subscribedAt;
    private int _busy;

    public string Provider { get; } = provider;

    /// <summary>Whether the last call found nobody; for logs.</summary>
    public bool Lost { get; set; }

    /// <summary>The owner's view; null while an earlier call is still under way.</summary>
    public async ValueTask<ProviderView?> RefreshAsync(IProviderViewObserver observer)
    {
        if (Interlocked.Exchange(ref _busy, 1) == 1)
        {
            return null;
        }

        try
        {
            if (_subscribedAt is { } at && time.GetElapsedTime(at) < Renewal)
            {
                return await grain.GetAsync();
            }

            var startedAt = time.GetTimestamp();
            var view = await grain.SubscribeAsync(observer);
            _subscribedAt = startedAt;
            return view;
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    public Task UnsubscribeAsync(IProviderViewObserver observer) => grain.UnsubscribeAsync(observer);
}
