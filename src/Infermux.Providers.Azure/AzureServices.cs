using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Infermux.Providers.Azure;

/// <summary>Registers Azure's credential chain.</summary>
public static class AzureServices
{
    /// <summary>Adds <see cref="IEntraTokenSource"/>, which asks nobody before the first request that needs it. Needs a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddEntraCredentialChain(this IServiceCollection services)
    {
        services.TryAddSingleton<IEntraTokenSource>(static provider => new EntraCredentialChain(provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
