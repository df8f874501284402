using Infermux.Core.Routing;
using Infermux.Grains.Contracts.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Infermux.Grains.Routing;

/// <summary>Registers routing in a host.</summary>
public static class RoutingServices
{
    /// <summary>
    /// Adds <see cref="ProviderViews"/>, one per process, in a silo or a client. Needs an <see cref="Core.Configuration.ICurrentConfiguration"/>.
    /// </summary>
    public static IServiceCollection AddProviderViews(this IServiceCollection services)
    {
        if (services.Any(static service => service.ServiceType == typeof(ProviderViews)))
        {
            return services;
        }

        services.TryAddSingleton(TimeProvider.System);
        return services.AddSingleton<ProviderViews>().AddSingleton<IHostedService>(static provider => provider.GetRequiredService<ProviderViews>());
    }

    /// <summary>Adds what the RouterGrain of a silo works with, <see cref="AddProviderViews"/> included.</summary>
    public static IServiceCollection AddRouting(this IServiceCollection services)
    {
        services.AddProviderViews();
        services.TryAddSingleton(Random.Shared);
        services.TryAddSingleton<LedgerBreaker>();
        services.TryAddSingleton<ActingAccounts>();
        services.TryAddSingleton<RoutingWorlds>();
        services.TryAddSingleton<AdmissionGates>();
        services.TryAddSingleton<OwnerClocks>();
        services.TryAddSingleton<Reservations>();
        services.TryAddSingleton<Selector>();
        return services;
    }

    /// <summary>
    /// Adds the <see cref="ISelector"/> of a gateway, which is this process's own selector where <see cref="AddRouting"/> was called and a RouterGrain
    /// otherwise, and what a gateway learns of its callers and tells with each selection.
    /// </summary>
    public static IServiceCollection AddSelector(this IServiceCollection services)
    {
        services.TryAddSingleton(static _ => new CompletionStatistics());
        services.TryAddSingleton<CallerAccounts>();
        services.TryAddSingleton<ActingAccounts>();
        services.TryAddSingleton(Random.Shared);
        services.TryAddSingleton<ISelector>(static provider => provider.GetService<Selector>() is { } selector
            ? selector
            : new GrainSelector(provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
