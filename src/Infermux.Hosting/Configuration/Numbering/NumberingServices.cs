using Infermux.Core.Configuration;
using Infermux.Grains.Budgets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StackExchange.Redis;

namespace Infermux.Hosting.Configuration.Numbering;

/// <summary>Registers the numbers of configurations in a store that outlives the process.</summary>
internal static class NumberingServices
{
    /// <summary>Needs <see cref="IConnectionMultiplexer"/>, <see cref="ICurrentConfiguration"/> and <see cref="IStoreClock"/>.</summary>
    public static IServiceCollection AddStoredConfigurationNumber(this IServiceCollection services, ClusterOptions cluster)
    {
        // In an embedded store nobody else can run on a newer text: an older one at the start was put back on purpose.
        var aliveFor = cluster.Store == StoreKind.Redis ? ConfigurationNumbers.AliveFor : TimeSpan.Zero;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new ConfigurationNumberStore(provider.GetRequiredService<IConnectionMultiplexer>(), cluster.ServiceId, aliveFor));
        services.AddSingleton<StoredConfigurationNumber>();
        services.AddSingleton<INumberedConfiguration>(provider => provider.GetRequiredService<StoredConfigurationNumber>());
        return services.AddHostedService(provider => provider.GetRequiredService<StoredConfigurationNumber>());
    }
}
