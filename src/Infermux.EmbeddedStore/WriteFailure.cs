using Microsoft.Extensions.Logging;

namespace Infermux.EmbeddedStore;

/// <summary>The first write that did not reach the disk. Garnet then takes no other until it starts again, whether there is room or not.</summary>
internal sealed partial class WriteFailure(ILogger log)
{
    private string? _first;

    /// <summary>Why; null while the store writes.</summary>
    public string? Why => Volatile.Read(ref _first);

    /// <summary>A write failed. Said once: each that comes after it fails alike.</summary>
    public void Note(Exception exception)
    {
        if (Interlocked.CompareExchange(ref _first, exception.GetBaseException().Message, null) is null)
        {
            LogNotWritten(log, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message =
        "The embedded store could not write to disk, and closes each connection that waits for it. Make room under cluster.data_dir and restart: until then it writes nothing.")]
    private static partial void LogNotWritten(ILogger logger, Exception exception);
}
