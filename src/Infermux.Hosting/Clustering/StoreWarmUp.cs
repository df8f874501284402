using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Infermux.Hosting.Clustering;

/// <summary>
/// Connects to the store before the silo starts. Left to the first grains, connecting would block a handful of threads at once, and the first money calls
/// would time out behind it.
/// </summary>
internal sealed class StoreWarmUp(IServiceProvider services) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        Task.Run(() => services.GetRequiredService<IConnectionMultiplexer>(), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
