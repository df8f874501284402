namespace Infermux.Grains.Ledger;

/// <summary>
/// Lets callers of a reentrant grain share writes: one is in flight, whoever comes meanwhile shares the next. When a write fails, those that wait for the next
/// one fail too, since what they decided rested on it. Used on the grain's scheduler only.
/// </summary>
internal sealed class GroupCommit(Func<Task> write)
{
    private TaskCompletionSource? _waiting;
    private bool _running;

    /// <summary>Ends when everything decided before the call is written.</summary>
    public Task CommitAsync()
    {
        _waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var committed = _waiting.Task;
        if (!_running)
        {
            _ = RunAsync(); // its outcome reaches the waiters
        }

        return committed;
    }

    private async Task RunAsync()
    {
        _running = true;
        while (_waiting is { } served)
        {
            _waiting = null;
            try
            {
                await write();
                served.SetResult();
            }
            catch (Exception failure)
            {
                served.SetException(failure);
                _waiting?.SetException(failure);
                _waiting = null;
            }
        }

        _running = false;
    }
}
