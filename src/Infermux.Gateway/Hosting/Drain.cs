using Infermux.Core.Configuration;
using Infermux.Gateway.Inference;

namespace Infermux.Gateway.Hosting;

/// <summary>
/// The first thing that happens at SIGTERM: not ready any more, and streams may run out for <c>shutdown.drain</c>. What is left then ends with an error
/// event, so that the web server, the settlements and Orleans can stop in this order.
/// </summary>
internal sealed partial class Drain(ICurrentConfiguration configuration, ActiveRequests active, TimeProvider time, ILogger<Drain> logger)
    : IHostedLifecycleService
{
    /// <summary>What the end of the streams, the last settles and Orleans may take after the drain.</summary>
    public static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(10);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var limit = configuration.Current.Options.Shutdown.Drain;
        var running = active.Count;
        if (running > 0)
        {
            LogDraining(running, limit.TotalSeconds);
        }

        using var ends = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ends.Token, cancellationToken);
        active.Drain();
        try
        {
            await active.WhenEarlyEndedAsync(either.Token);
            active.Close();
            await active.WhenNoneAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            LogCut(active.Count, limit.TotalSeconds);
        }

        active.Close();
        active.EndAll();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "draining {Running} requests for up to {Seconds} s (shutdown.drain)")]
    private partial void LogDraining(int running, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Running} requests were still running after {Seconds} s (shutdown.drain) and are ended")]
    private partial void LogCut(int running, double seconds);
}
