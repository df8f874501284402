namespace Infermux.Gateway.Inference;

/// <summary>How many requests run in this process, and the signal that ends them when a drain is over.</summary>
internal sealed class ActiveRequests : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource? _none;
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Fires when the drain is over: a stream ends with an error event.</summary>
    public CancellationToken Ended => _end.Token;

    public void Began() => Interlocked.Increment(ref _count);

    public void Finished()
    {
        if (Interlocked.Decrement(ref _count) > 0)
        {
            return;
        }

        lock (_lock)
        {
            _none?.TrySetResult();
        }
    }

    public Task WhenNoneAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _none = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (Count == 0)
            {
                _none.TrySetResult();
            }

            return _none.Task.WaitAsync(cancellationToken);
        }
    }

    public void EndAll() => _end.Cancel();

    public void Dispose() => _end.Dispose();
}
