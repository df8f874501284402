using Infermux.Core.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Infermux.Hosting.Logging;

/// <summary>The console as <c>log</c> in the file wants it.</summary>
public static class LoggingSetup
{
    /// <summary>Replaces what the host logs to by a console that never blocks, quiet about the libraries beneath.</summary>
    public static ILoggingBuilder AddInfermuxConsole(this ILoggingBuilder logging, LogOptions options)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(Level(options.Level));
        foreach (var noisy in (string[])["Orleans", "Polly", "Microsoft", "System"])
        {
            logging.AddFilter(noisy, options.Level == LogThreshold.Error ? LogLevel.Error : LogLevel.Warning);
        }

        // Whoever listens to it, at any level, makes the web server open an activity and a log scope for each request; its lines are ours in RequestEvents.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);

        // At Warning it only advises server GC, which a process that shares its machine with its store does not want.
        logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);
        logging.AddFilter("Orleans.Messaging.GatewayManager", LogLevel.Error); // twice a second while no silo is there, which UntilASiloComes says once
        logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error); // measures from the machine's boot at its first round

        var stamp = options.Timestamps ? "yyyy-MM-dd'T'HH:mm:ss.fff'Z' " : null;
        if (options.Format == LogFormat.Json)
        {
            logging.AddJsonConsole(console => (console.TimestampFormat, console.UseUtcTimestamp) = (stamp?.TrimEnd(), true));
        }
        else
        {
            logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat, console.UseUtcTimestamp) = (true, stamp, true));
        }

        // A console that nobody reads must not stop requests.
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
        return logging;
    }

    private static LogLevel Level(LogThreshold threshold) => threshold switch
    {
        LogThreshold.Debug => LogLevel.Debug,
        LogThreshold.Info => LogLevel.Information,
        LogThreshold.Warn => LogLevel.Warning,
        LogThreshold.Error => LogLevel.Error,
        _ => throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "A log level without a counterpart."),
    };
}
