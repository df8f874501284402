using Microsoft.Extensions.ObjectPool;

namespace Infermux.Gateway.Inference.Attempts;

/// <summary>
/// The cancellation sources of attempts, used again while they have not fired: their timers and registrations are a tenth of what an attempt allocates
/// (the way of YARP's <c>ActivityCancellationTokenSource</c>). A source goes back only when nothing of the attempt runs any more.
/// </summary>
internal sealed class PooledEnds(TimeProvider time)
{
    private readonly ObjectPool<CancellationTokenSource> _sources = new DefaultObjectPool<CancellationTokenSource>(new Policy(time), maximumRetained: 1024);

    /// <summary>One that fires after <paramref name="limit"/>.</summary>
    public CancellationTokenSource Rent(TimeSpan limit)
    {
        var source = _sources.Get();
        source.CancelAfter(limit);
        return source;
    }

    /// <summary>The attempt is over. One that has fired, or might just now, is not used again.</summary>
    public void Return(CancellationTokenSource source) => _sources.Return(source);

    private sealed class Policy(TimeProvider time) : PooledObjectPolicy<CancellationTokenSource>
    {
        public override CancellationTokenSource Create() => new(Timeout.InfiniteTimeSpan, time);

        public override bool Return(CancellationTokenSource source)
        {
            if (source.TryReset())
            {
                return true;
            }

            source.Dispose();
            return false;
        }
    }
}
