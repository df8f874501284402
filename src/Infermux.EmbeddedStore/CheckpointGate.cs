namespace Infermux.EmbeddedStore;

/// <summary>
/// Keeps commands and checkpoints apart. A checkpoint of Garnet 2.2.8 beside commands that change hashes loses acknowledged writes: the old and the new
/// record share one object (microsoft/garnet issue 2101), and after kill -9 a hash was back at what it had been nine checkpoints before, with and without
/// --lua-transaction-mode. So a checkpoint waits for the commands under way, and new ones wait for it.
/// </summary>
internal sealed class CheckpointGate : IDisposable
{
    private readonly ReaderWriterLockSlim _lock = new(LockRecursionPolicy.NoRecursion);

    /// <summary>Commands may run until <see cref="Leave"/>, on this thread.</summary>
    public void Enter() => _lock.EnterReadLock();

    /// <summary>Ends what <see cref="Enter"/> began.</summary>
    public void Leave() => _lock.ExitReadLock();

    /// <summary>Runs a checkpoint, alone. Blocks its thread, on which the lock rests.</summary>
    public void RunAlone(Action checkpoint)
    {
        _lock.EnterWriteLock();
        try
        {
            checkpoint();
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    public void Dispose() => _lock.Dispose();
}
