using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Infermux.Providers.Aws;

/// <summary>Registers AWS's credential chain.</summary>
public static class AwsServices
{
    /// <summary>
    /// Adds <see cref="IAwsCredentialSource"/>, which asks nobody before the first request that needs it. Needs a <see cref="TimeProvider"/>.
    /// </summary>
    public static IServiceCollection AddAwsCredentialChain(this IServiceCollection services)
    {
        services.TryAddSingleton<IAwsCredentialSource>(static provider => new AwsCredentialChain(provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
