using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Infermux.Providers.Google;

/// <summary>Registers Google's application default credentials.</summary>
public static class GoogleServices
{
    /// <summary>Adds <see cref="IGoogleTokenSource"/>, which asks nobody before the first request that needs it. Needs a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddGoogleCredentialChain(this IServiceCollection services)
    {
        services.TryAddSingleton<IGoogleTokenSource>(static provider => new GoogleCredentialChain(provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
