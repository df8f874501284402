namespace Infermux.Gateway.Reporting;

internal sealed partial class ProviderOutbox
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The owner of {Provider} does not take reports; they are repeated each 200 ms, and its circuit learns nothing from here meanwhile.")]
    private static partial void LogNotReached(ILogger logger, Exception exception, string provider);

    [LoggerMessage(Level = LogLevel.Information, Message = "The owner of {Provider} takes reports again.")]
    private static partial void LogReachedAgain(ILogger logger, string provider);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The owner of {Provider} has been away for so long that {Count} of the oldest reports were dropped.")]
    private static partial void LogDropped(ILogger logger, string provider, int count);
}
