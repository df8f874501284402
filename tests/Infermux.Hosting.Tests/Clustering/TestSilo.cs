using Infermux.Core.Configuration;
using Infermux.Grains.Budgets;
using Infermux.Hosting.Clustering;
using Infermux.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Infermux.Hosting.Tests.Clustering;

/// <summary>A host with nothing but the silo that <see cref="ClusteringServices.AddInfermuxSilo"/> makes.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private TestSilo(IHost host, TimeSpan startTime) => (_host, StartTime) = (host, startTime);

    public TimeSpan StartTime { get; }

    public IServiceProvider Services => _host.Services;

    public INoteGrain Note(string name) => Services.GetRequiredService<IGrainFactory>().GetGrain<INoteGrain>(name);

    /// <summary>On a store of that connection and free ports of this machine.</summary>
    public static ClusterOptions OnRedis(string connection) => new()
    {
        Store = StoreKind.Redis,
        Redis = connection,
        AdvertisedIp = "127.0.0.1",
        SiloPort = FreePort.OnLoopback(),
        GatewayPort = FreePort.OnLoopback(),
    };

    /// <summary>With callers' accounts where a configuration is given.</summary>
    public static async Task<TestSilo> StartAsync(ClusterSettings settings, LoadedConfiguration? loaded = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddInfermuxConfiguration(loaded ?? LoadedConfiguration.Of(new() { Cluster = settings.Options }));
        builder.AddInfermuxSilo(settings);
        if (loaded is not null)
        {
            builder.Services.AddCallerBudgets();
        }

        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new TestSilo(host, TimeProvider.System.GetElapsedTime(started));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}
