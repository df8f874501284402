namespace Infermux.Gateway.Money;

/// <summary>Counts what waits for an acknowledgement, and tells when nothing does.</summary>
internal sealed class Outstanding
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _emptied;
    private int _count;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    public void Add(int count)
    {
        lock (_gate)
        {
            _count += count;
        }
    }

    public void Done(int count)
    {
        lock (_gate)
        {
            _count -= count;
            if (_count == 0)
            {
                _emptied?.TrySetResult();
                _emptied = null;
            }
        }
    }

    public Task EmptiedAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _count == 0
                ? Task.CompletedTask
                : (_emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(cancellationToken);
        }
    }
}
