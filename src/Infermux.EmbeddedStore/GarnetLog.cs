using Microsoft.Extensions.Logging;

namespace Infermux.EmbeddedStore;

/// <summary>Lets Garnet's warnings and errors through, under one category of ours; the rest (hundreds of lines a start) is dropped.</summary>
internal sealed class GarnetLog(ILogger inner) : ILoggerFactory, ILogger
{
    /// <summary>Garnet's start-up parser warns of settings of ours that are meant; only its errors count.</summary>
    private const string Parser = "ArgParser";

    private readonly LogLevel _least = LogLevel.Warning;

    private GarnetLog(ILogger inner, LogLevel least) : this(inner) => _least = least;

    /// <summary>For what is ours, at any level.</summary>
    public ILogger Ours => inner;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) =>
        new GarnetLog(inner, string.Equals(categoryName, Parser, StringComparison.Ordinal) ? LogLevel.Error : LogLevel.Warning);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= _least && inner.IsEnabled(logLevel);

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => inner.BeginScope(state);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) { }

    /// <inheritdoc/>
    public void Dispose() { }
}
