using Infermux.Grains.Contracts.Providers;
using Microsoft.Extensions.Logging;

namespace Infermux.Grains.Providers;

internal sealed partial class ProviderGrain
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The circuit of {Provider} opened: {Reason}, {Trips} in a row; next probe at {Until}.")]
    private static partial void LogOpened(ILogger logger, string provider, string reason, int trips, DateTimeOffset? until);

    [LoggerMessage(Level = LogLevel.Information, Message = "The circuit of {Provider} is half-open: the next request that it could serve is the probe.")]
    private static partial void LogHalfOpen(ILogger logger, string provider);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A probe of {Provider} is out until {Until} at the latest.")]
    private static partial void LogProbe(ILogger logger, string provider, DateTimeOffset until);

    [LoggerMessage(Level = LogLevel.Information, Message = "The circuit of {Provider} closed.")]
    private static partial void LogClosed(ILogger logger, string provider);

    [LoggerMessage(Level = LogLevel.Information, Message = "The circuit of {Provider} was controlled by hand: {Control}.")]
    private static partial void LogControlled(ILogger logger, string provider, CircuitControl control);

    [LoggerMessage(Message = "Health checks say of {Provider}: healthy {Healthy}. {Detail}")]
    private static partial void LogHealth(ILogger logger, LogLevel level, string provider, bool healthy, string detail);

    [LoggerMessage(Level = LogLevel.Error, Message = "A health check of {Provider} threw; it counts neither for nor against it.")]
    private static partial void LogCheckFailed(ILogger logger, Exception exception, string provider);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Another owner of {Provider} has taken over; this one ends.")]
    private static partial void LogSuperseded(ILogger logger, string provider);
}
