using Microsoft.Extensions.Hosting;

namespace Infermux.Hosting.Clustering;

/// <summary>
/// Connects to the cluster beside the start of the other services and ends the host's start with it: what only needs the container starts at once, and what
/// is done once the host has started can call grains. Takes the place of Orleans' own hosted service, and so stops where that would.
/// </summary>
internal sealed class ClientConnection(IHostedService client) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _connecting = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _connecting = client.StartAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => _connecting.WaitAsync(cancellationToken);

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_connecting.IsCompletedSuccessfully)
        {
            await client.StopAsync(cancellationToken);
        }
        else
        {
            await _stopping.CancelAsync();
        }
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }
}
