using Microsoft.Extensions.Logging;

namespace Infermux.EmbeddedStore;

/// <summary>Takes a checkpoint once the append-only file is long: this bounds the disk and the restart.</summary>
internal sealed partial class CheckpointLoop : IAsyncDisposable
{
    /// <summary>About 60,000 writes of an account; measured, a restart replays it in under a second.</summary>
    private const long LongestReplay = 32L << 20;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly GatedGarnet _server;
    private readonly ILogger _log;
    private readonly Task _running;

    public CheckpointLoop(GatedGarnet server, ILogger log)
    {
        (_server, _log) = (server, log);
        _running = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    /// <summary>On a thread of its own: the gate belongs to a thread, and a checkpoint blocks it.</summary>
    private void Run()
    {
        while (!_stop.Token.WaitHandle.WaitOne(Interval))
        {
            if (_server.ReplayLength < LongestReplay)
            {
                continue;
            }

            try
            {
                _server.Checkpoint();
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                LogFailed(_log, exception); // serving goes on: nothing is lost, the file only grows
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The embedded store could not take a checkpoint; it tries again each second.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
