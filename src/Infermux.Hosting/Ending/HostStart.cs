using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Infermux.Hosting.Ending;

/// <summary>The start of a host that may have to wait for others first.</summary>
public static class HostStart
{
    /// <summary>Starts; false where the process was told to stop before that was done, which is no failure.</summary>
    public static async Task<bool> TryAsync(IHost host, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await host.StartAsync(cancellationToken);
            return true;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
    }
}
