using Infermux.Core.Configuration;
using Infermux.Core.Limits;
using Infermux.Core.Pricing;
using Infermux.Grains.Contracts.Providers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Orleans.Storage;
using Orleans.TestingHost;
using Xunit;

namespace Infermux.Grains.Tests.Providers;

/// <summary>One silo in memory, with a clock that only <see cref="Clock"/> moves. Each test uses providers of its own name.</summary>
public sealed class ProviderCluster : IAsyncLifetime
{
    private InProcessTestCluster? _cluster;

    internal FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    internal ScriptedProbe Probe { get; } = new();

    internal StallingStorage Storage { get; private set; } = null!;

    internal FileInForce File { get; } = new(
        new InfermuxOptions { Providers = [.. Enumerable.Range(0, 32).Select(n => new ProviderOptions { Name = $"p{n}", ApiKey = "key" })] },
        PriceTable.Empty);

    internal InProcessTestCluster Orleans => _cluster!;

    internal IProviderGrain this[string provider] => Orleans.Client.GetGrain<IProviderGrain>(provider);

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorage("beneath");
            silo.Services.AddKeyedSingleton<IGrainStorage>(
                "infermux", (services, _) => Storage = new StallingStorage(services.GetRequiredKeyedService<IGrainStorage>("beneath")));
            silo.Services.AddSingleton<TimeProvider>(Clock);
            silo.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
            silo.Services.AddSingleton<ICurrentConfiguration>(File);
            silo.Services.AddSingleton<IProviderProbe>(Probe);
            silo.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Error));
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.StopAllSilosAsync();
            await _cluster.DisposeAsync();
        }
    }

    /// <summary>Changes one provider in the file, for good.</summary>
    internal void Configure(string name, Func<ProviderOptions, ProviderOptions> change) => File.Reload(File.Current.Options with
    {
        Providers = [.. File.Current.Options.Providers.Select(p => p.Name.Equals(name, StringComparison.Ordinal) ? change(p) : p)],
    });

    internal async Task<SeenViews> WatchAsync(string provider, bool selects = true)
    {
        var views = new SeenViews();
        var reference = Orleans.Client.CreateObjectReference<IProviderViewObserver>(views);
        _alive.Add(views); // Orleans keeps observers by weak reference
        await views.ChangedAsync(await (selects ? this[provider].SubscribeAsync(reference) : this[provider].WatchAsync(reference)));
        return views;
    }

    /// <summary>Ends when the activation is gone, with what it had to store: a clock that moved on meanwhile would end its patience for the store.</summary>
    internal Task RestartAsync(string provider) => Orleans.DeactivateAsync(this[provider]);

    private readonly List<SeenViews> _alive = [];
}
