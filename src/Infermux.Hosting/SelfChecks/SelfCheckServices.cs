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
    /// <param name="services">The container.</param>
    /// <param name="settings">The cluster.</param>
    /// <param name="isSilo">Whether this process owns truths.</param>
    /// <param name="whyNotWriting">Why the store within this process writes nothing more; null where there is none.</param>
    public static IServiceCollection AddSelfChecks(this IServiceCollection services, ClusterSettings settings, bool isSilo, Func<string?>? whyNotWriting = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        services.TryAddSingleton<ShutdownHaste>();
        services.TryAddSingleton<Withdrawal>();
        services.TryAddSingleton(new SelfCheckReport(isSilo, whyNotWriting));
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
