using Infermux.Core.Configuration;
using Infermux.Gateway.Inference;
using Infermux.Hosting.Ending;

namespace Infermux.Gateway.Hosting;

/// <summary>
/// The first thing that happens at SIGTERM: <c>/readyz</c> says no, and for <c>shutdown.linger</c> new requests are served all the same, each answer asking
/// its connection to go. Then the web server stops accepting and waits for what runs; streams that are still there after <c>shutdown.drain</c> end with an
/// error event. Settlements and Orleans stop behind the web server, in this order. Haste ends the waiting wherever it is.
/// </summary>
internal sealed partial class Drain(ICurrentConfiguration configuration, ActiveRequests active, ShutdownHaste haste, TimeProvider time, ILogger<Drain> logger)
    : IHostedLifecycleService, IDisposable
{
    /// <summary>What the end of the streams, the last settles and Orleans may take after the drain.</summary>
    public static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(10);

    private ITimer? _over;
    private CancellationTokenRegistration _hurried;

    /// <summary>When the last stream is ended, from SIGTERM on: one that began in the last moment of the linger has the whole drain.</summary>
    public static TimeSpan Limit(InfermuxOptions options) => options.Shutdown.LingerWith(options.Cluster.Store) + options.Shutdown.Drain;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var options = configuration.Current.Options;
        active.Drain();
        LogDraining(active.Count, options.Shutdown.Drain.TotalSeconds);
        _over = time.CreateTimer(_ => EndWhatRuns(), null, Limit(options), Timeout.InfiniteTimeSpan);
        _hurried = haste.Hurried.Register(EndWhatRuns);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(haste.Hurried, cancellationToken);
        try
        {
            await Task.Delay(options.Shutdown.LingerWith(options.Cluster.Store), time, either.Token);
        }
        catch (OperationCanceledException)
        {
            // Hurried.
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _over?.Dispose();
        _hurried.Dispose();
    }

    private void EndWhatRuns()
    {
        if (active.Count > 0)
        {
            LogCut(active.Count);
        }

        active.EndAll();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "draining: {Running} requests run, streams may go on for up to {Seconds} s (shutdown.drain)")]
    private partial void LogDraining(int running, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Running} requests still run at the end of the drain (shutdown.drain, or a second signal) and are ended")]
    private partial void LogCut(int running);
}
