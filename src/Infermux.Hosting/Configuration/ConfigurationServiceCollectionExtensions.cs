using Infermux.Core.Configuration;
using Infermux.Hosting.Configuration.Reloading;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Infermux.Hosting.Configuration;

/// <summary>Registers a loaded configuration with a host.</summary>
public static class ConfigurationServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="ICurrentConfiguration"/> and <see cref="IConfigurationStatus"/> on <paramref name="loaded"/>, and reads its file again each second
    /// while the host runs.
    /// </summary>
    public static IServiceCollection AddInfermuxConfiguration(this IServiceCollection services, LoadedConfiguration loaded)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        services.AddLogging();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(loaded);
        services.TryAddSingleton<ReloadMetrics>();
        services.TryAddSingleton<PolledConfiguration>();
        services.TryAddSingleton<ICurrentConfiguration>(static s => s.GetRequiredService<PolledConfiguration>());
        services.TryAddSingleton<IConfigurationStatus>(static s => s.GetRequiredService<PolledConfiguration>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PolledConfiguration>(static s => s.GetRequiredService<PolledConfiguration>()));
        return services;
    }
}
