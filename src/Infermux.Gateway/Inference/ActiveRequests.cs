namespace Infermux.Gateway.Inference;

/// <summary>
/// How many requests run in this process, and the signals of its drain. Those that came before the drain are waited for first, while new ones are still
/// served; then new ones are turned away, and what is left runs out. So a drain ends however many go on asking.
/// </summary>
internal sealed class ActiveRequests : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource? _changed;
    private volatile Stage _stage;
    private int _early;
    private int _late;

    private enum Stage
    {
        Serving,
        Draining,
        Closed,
    }

    public int Count => Volatile.Read(ref _early) + Volatile.Read(ref _late);

    /// <summary>New requests should go elsewhere: their connections are closed after the answer.</summary>
    public bool IsDraining => _stage != Stage.Serving;

    /// <summary>Fires when the drain is over: a stream ends with an error event, and nothing new goes upstream.</summary>
    public CancellationToken Ended => _end.Token;

    /// <summary>A request came; false where it is to be turned away. <paramref name="late"/> goes back with <see cref="Finished"/>, either way.</summary>
    public bool Began(out bool late)
    {
        late = IsDraining;
        Interlocked.Increment(ref late ? ref _late : ref _early);
        return _stage != Stage.Closed; // asked after it was counted, so that whoever closes waits for those it lets in
    }

    public void Finished(bool late)
    {
        if (Interlocked.Decrement(ref late ? ref _late : ref _early) > 0)
        {
            return;
        }

        lock (_lock)
        {
            _changed?.TrySetResult();
        }
    }

    /// <summary>The drain begins.</summary>
    public void Drain() => _stage = Stage.Draining;

    /// <summary>New requests are turned away from now on.</summary>
    public void Close() => _stage = Stage.Closed;

    /// <summary>Those that came before the drain have ended.</summary>
    public Task WhenEarlyEndedAsync(CancellationToken cancellationToken) => WhenAsync(() => Volatile.Read(ref _early) == 0, cancellationToken);

    public Task WhenNoneAsync(CancellationToken cancellationToken) => WhenAsync(() => Count == 0, cancellationToken);

    public void EndAll() => _end.Cancel();

    public void Dispose() => _end.Dispose();

    private async Task WhenAsync(Func<bool> holds, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                changed = _changed.Task;
            }

            if (holds())
            {
                return;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }
}
