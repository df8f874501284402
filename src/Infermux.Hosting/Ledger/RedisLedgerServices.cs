using Infermux.Core.Configuration;
using Infermux.Grains.Budgets;
using Infermux.Grains.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StackExchange.Redis;

namespace Infermux.Hosting.Ledger;

/// <summary>Registers the durable store of the cost ledger.</summary>
public static class RedisLedgerServices
{
    /// <summary>
    /// Keeps the ledger in the store behind <see cref="IConnectionMultiplexer"/>, under the configured service id; use with <c>cluster.store: redis</c> and
    /// <c>embedded</c>. Replaces the store of <see cref="LedgerServices.AddLedger"/>. The connection's timeouts (1 s) are the ledger's deadlines.
    /// </summary>
    public static IServiceCollection AddRedisLedger(this IServiceCollection services)
    {
        services.AddLedger();
        services.Replace(ServiceDescriptor.Singleton<ILedgerStore>(provider => new RedisLedgerStore(
            provider.GetRequiredService<IConnectionMultiplexer>(),
            provider.GetRequiredService<ICurrentConfiguration>().Current.Options.Cluster.ServiceId,
            provider.GetRequiredService<TimeProvider>())));
        return services;
    }

    /// <summary>Watches whether the store behind <see cref="IConnectionMultiplexer"/> still holds the ledger it held, by its epoch, and what its clock shows.</summary>
    internal static IServiceCollection AddLedgerTrust(this IServiceCollection services, ClusterOptions cluster)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<LedgerMetrics>();
        services.AddSingleton(provider => new LedgerEpochStore(provider.GetRequiredService<IConnectionMultiplexer>(), cluster.ServiceId));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<RedisLedgerTrust>(provider, new PinnedEpoch(cluster.LedgerEpoch)));
        services.AddSingleton<ILedgerTrust>(provider => provider.GetRequiredService<RedisLedgerTrust>());
        services.AddSingleton<RedisStoreClock>().AddSingleton<IStoreClock>(provider => provider.GetRequiredService<RedisStoreClock>());
        services.AddHostedService(provider => provider.GetRequiredService<RedisStoreClock>());
        return services.AddHostedService(provider => provider.GetRequiredService<RedisLedgerTrust>());
    }
}
