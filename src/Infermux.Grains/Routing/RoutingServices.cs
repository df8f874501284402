using Infermux.Core.Routing;
using Infermux.Grains.Contracts.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Infermux.Grains.Routing;

/// <summary>Registers routing in a host.</summary>
public static class RoutingServices
{
    /// <summary>
    /// Adds <see cref="ProviderViews"/>, one per process, in a silo or a client. Needs an <see cref="Core.Configuration.ICurrentConfiguration"/>.
    /// </summary>
    public static IServiceCollection AddProviderViews(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static _ => new ProcessIdentity(Guid.NewGuid(), Serves: false));
        services.TryAddSingleton<ProviderViews>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ILifecycleParticipant<ISiloLifecycle>, ProviderViews>(
            static provider => provider.GetRequiredService<ProviderViews>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ILifecycleParticipant<IClusterClientLifecycle>, ProviderViews>(
            static provider => provider.GetRequiredService<ProviderViews>()));
        return services;
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
        services.AddSingleton(static _ => new ProcessIdentity(Guid.NewGuid(), Serves: true));
        services.TryAddSingleton(static _ => new CompletionStatistics());
        services.TryAddSingleton<CallerAccounts>();
        services.TryAddSingleton<RoutingWorlds>();
        services.TryAddSingleton<IDegradedSelector, DegradedSelector>();
        services.TryAddSingleton<ActingAccounts>();
        services.TryAddSingleton(Random.Shared);
        services.TryAddSingleton<ISelector>(static provider => provider.GetService<Selector>() is { } selector
            ? selector
            : new GrainSelector(provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
