namespace Infermux.EmbeddedStore;

/// <summary>
/// Keeps commands and checkpoints apart. A checkpoint of Garnet 2.2.8 beside commands that change hashes loses acknowledged writes: the old and the new
/// record share one object (microsoft/garnet issue 2101), and after kill -9 a hash was back at what it had been nine checkpoints before, with and without
/// --lua-transaction-mode. So a checkpoint waits for the commands under way, and new ones wait for it.
/// </summary>
/// <remarks>
/// Commands run on threads of the pool, and the checkpoint that they wait for needs threads of the same pool to end. They wait with
/// <see cref="Task.Wait()"/>, the one way to block of which the pool takes note and lends a thread for each that waits; behind a lock it lends one a second.
/// </remarks>
internal sealed class CheckpointGate
{
    private readonly Lock _alone = new(); // held by the one checkpoint that runs
    private readonly Lock _state = new();
    private int _running;
    private TaskCompletionSource? _opened; // null: open
    private TaskCompletionSource? _idle; // null: nobody waits for the commands under way

    /// <summary>A command may run until <see cref="Leave"/>. Blocks while a checkpoint is written.</summary>
    public void Enter()
    {
        while (true)
        {
            Task opened;
            lock (_state)
            {
                if (_opened is null)
                {
                    _running++;
                    return;
                }

                opened = _opened.Task;
            }

            opened.Wait();
        }
    }

    /// <summary>What a command began under way goes on after its <see cref="Leave"/>, until one more.</summary>
    public void Stay()
    {
        lock (_state)
        {
            _running++;
        }
    }

    /// <summary>Ends what <see cref="Enter"/> or <see cref="Stay"/> began.</summary>
    public void Leave()
    {
        lock (_state)
        {
            if (--_running == 0)
            {
                _idle?.SetResult();
                _idle = null;
            }
        }
    }

    /// <summary>Runs a checkpoint, alone: after another one and after the commands under way. Blocks its thread, so it should be no pool thread.</summary>
    public void RunAlone(Action checkpoint)
    {
        lock (_alone)
        {
            Close().Wait();
            try
            {
                checkpoint();
            }
            finally
            {
                Open();
            }
        }
    }

    /// <summary>Completes when the commands under way have ended.</summary>
    private Task Close()
    {
        lock (_state)
        {
            _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_running == 0)
            {
                return Task.CompletedTask;
            }

            _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    private void Open()
    {
        TaskCompletionSource opened;
        lock (_state)
        {
            (opened, _opened) = (_opened!, null);
        }

        opened.SetResult();
    }
}
