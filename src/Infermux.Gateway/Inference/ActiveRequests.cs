namespace Infermux.Gateway.Inference;

/// <summary>How many requests run in this process, and the signals of its drain.</summary>
internal sealed class ActiveRequests : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private volatile bool _draining;
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>New requests should go elsewhere: their connections are closed after the answer.</summary>
    public bool IsDraining => _draining;

    /// <summary>Fires when the drain is over: a stream ends with an error event, and nothing new goes upstream.</summary>
    public CancellationToken Ended => _end.Token;

    public void Began() => Interlocked.Increment(ref _count);

    public void Finished() => Interlocked.Decrement(ref _count);

    /// <summary>The drain begins.</summary>
    public void Drain() => _draining = true;

    public void EndAll() => _end.Cancel();

    public void Dispose() => _end.Dispose();
}
