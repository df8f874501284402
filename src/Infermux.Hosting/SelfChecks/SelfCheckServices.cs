using Infermux.Hosting.Clustering;
using Infermux.Hosting.Clustering.Neighbours;
using Infermux.Hosting.Ending;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Infermux.Hosting.SelfChecks;

/// <summary>What a process finds out about itself and its store.</summary>
public static class SelfCheckServices
{
    /// <summary>Adds the checks that fit <paramref name="settings"/>: a process that shares its store with nobody has none. Before Orleans, so that they may refuse the start.</summary>
    public static IServiceCollection AddSelfChecks(this IServiceCollection services, ClusterSettings settings, bool isSilo)
    {
        ArgumentNullException.ThrowIfNull(settings);
        services.TryAddSingleton<ShutdownHaste>();
        services.TryAddSingleton<Withdrawal>();
        services.TryAddSingleton(new SelfCheckReport(isSilo));
        if (settings.IsShared)
        {
            services.TryAddSingleton(settings);
            services.AddHostedService<StoreWatch>();
        }

        return services;
    }

    /// <summary>Adds what a silo checks, of itself and its neighbours, once it is a member. After Orleans.</summary>
    public static IServiceCollection AddMembershipWatch(this IServiceCollection services, ClusterSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.IsShared ? services.AddHostedService<MembershipWatch>().AddHostedService<NeighbourWatch>() : services;
    }
}
