using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Infermux.Hosting.Ending;

/// <summary>The end of a host: at the first SIGTERM in its own time, at the second in seconds.</summary>
public static class HostEnd
{
    /// <summary>Waits until the host is told to stop and stops it. Null where that was all, else why it withdrew.</summary>
    /// <param name="host">A started host.</param>
    /// <param name="exitCode">What the process ends with where it cannot end itself in order, by the reason why it withdrew.</param>
    /// <param name="cancellationToken">Tells it to stop, as SIGTERM does.</param>
    public static async Task<string?> WaitAsync(IHost host, Func<string?, int> exitCode, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(exitCode);
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        var haste = host.Services.GetRequiredService<ShutdownHaste>();
        var told = 0;
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Told);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Told);
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var stops = lifetime.ApplicationStopping.UnsafeRegister(static stopping => ((TaskCompletionSource)stopping!).TrySetResult(), stopping);
        await using var cancelled = cancellationToken.UnsafeRegister(static lifetime => ((IHostApplicationLifetime)lifetime!).StopApplication(), lifetime);
        await stopping.Task;

        using var over = new CancellationTokenSource();
        var stopped = host.StopAsync(over.Token);
        await using var hurries = haste.Hurried.UnsafeRegister(static over => ((CancellationTokenSource)over!).CancelAfter(ShutdownHaste.Left), over);
        await Task.WhenAny(stopped, LastAsync(haste.Hurried, host.Services.GetRequiredService<TimeProvider>()));
        var reason = host.Services.GetService<Withdrawal>()?.Reason;
        if (!stopped.IsCompleted)
        {
            Environment.Exit(exitCode(reason));
        }

        try
        {
            await stopped;
        }
        catch (Exception cut) when (over.IsCancellationRequested && cut is OperationCanceledException or AggregateException)
        {
            // What was not done in the last seconds is not done: the journal and the other silos have what is needed.
        }

        return reason;

        static async Task LastAsync(CancellationToken hurried, TimeProvider time)
        {
            var hurry = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var _ = hurried.UnsafeRegister(static hurry => ((TaskCompletionSource)hurry!).TrySetResult(), hurry);
            await hurry.Task;
            await Task.Delay(ShutdownHaste.Last, time, CancellationToken.None);
        }

        // The first signal is the host's own business; it is counted here whichever handler runs first.
        void Told(PosixSignalContext signal)
        {
            signal.Cancel = true;
            if (Interlocked.Increment(ref told) > 1)
            {
                haste.Hurry();
            }
        }
    }
}
