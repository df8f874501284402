using Infermux.Core.Configuration;
using Infermux.Core.Limits;
using Infermux.Providers.Aws;
using Infermux.Providers.Azure;
using Infermux.Providers.Credentials;
using Infermux.Providers.Google;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Infermux.Providers.Transport;

/// <summary>Registers the way to providers.</summary>
public static class UpstreamServices
{
    /// <summary>
    /// Adds <see cref="IUpstreamTransport"/>, one pool for each provider, and <see cref="IProviderProbe"/> over it. Needs an
    /// <see cref="ICurrentConfiguration"/> and a <see cref="TimeProvider"/>; the vendors' credential chains are used where they are
    /// there (<see cref="CredentialSources"/>).
    /// </summary>
    /// <param name="services">The host's.</param>
    /// <param name="healthChecksAtStart">False leaves each provider's first health check out; those of the interval still run.</param>
    public static IServiceCollection AddUpstreams(this IServiceCollection services, bool healthChecksAtStart = true)
    {
        services.TryAddSingleton<IUpstreamTransport>(Transport);
        services.TryAddSingleton<IProviderProbe>(provider => new ProviderProbe(provider.GetRequiredService<IUpstreamTransport>(), healthChecksAtStart));
        return services;
    }

    // The pools of providers that a reload dropped are closed once their requests have ended.
    private static UpstreamTransport Transport(IServiceProvider services)
    {
        var sources = new CredentialSources(
            services.GetService<IAwsCredentialSource>, services.GetService<IEntraTokenSource>, services.GetService<IGoogleTokenSource>);
        var transport = new UpstreamTransport(services.GetRequiredService<TimeProvider>(), sources);
        services.GetRequiredService<ICurrentConfiguration>().OnChange(
            changed => transport.KeepOnly(changed.Options.Providers.Select(p => p.Name).ToHashSet(StringComparer.Ordinal)));
        return transport;
    }
}
