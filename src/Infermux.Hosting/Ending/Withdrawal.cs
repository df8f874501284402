using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Infermux.Hosting.Ending;

/// <summary>The end of a process that found it must not go on: said once, at once, and with an exit code that a supervisor takes for a failure.</summary>
public sealed partial class Withdrawal(IHostApplicationLifetime lifetime, ShutdownHaste haste, ILogger<Withdrawal> logger)
{
    private string? _reason;

    /// <summary>Why; null while nothing is wrong.</summary>
    public string? Reason => Volatile.Read(ref _reason);

    /// <summary>Stops this process without waiting for what runs in it.</summary>
    public void Withdraw(string reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is not null)
        {
            return;
        }

        LogWithdrawn(reason);
        haste.Hurry();
        lifetime.StopApplication();
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "this process stops itself: {Reason}")]
    private partial void LogWithdrawn(string reason);
}
