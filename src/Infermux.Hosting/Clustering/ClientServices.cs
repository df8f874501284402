using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Infermux.Hosting.Clustering;

/// <summary>Puts a client of the cluster into a host that has no silo.</summary>
public static class ClientServices
{
    /// <summary>
    /// How soon a client learns of a silo that came or went by a signal of the store; one that died is noticed at once, by its connection. Orleans' 60 s would
    /// leave a restarted gateway on one silo of many for a minute.
    /// </summary>
    private static readonly TimeSpan GatewayListRefresh = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Adds a client of the cluster that <paramref name="settings"/> name. The host's start ends once the first silo was met, however long that takes, and
    /// everything registered before and after is started by then, the web server included: it can say that it is not ready.
    /// </summary>
    /// <exception cref="ArgumentException">The store is not shared, so there can be no silo to meet.</exception>
    public static IHostApplicationBuilder AddInfermuxClient(this IHostApplicationBuilder builder, ClusterSettings settings)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(settings);
        if (!settings.IsShared)
        {
            throw new ArgumentException("A process without a silo needs 'cluster.store: redis' to find one.", nameof(settings));
        }

        var before = builder.Services.ToHashSet();
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (settings.Options.ClusterId, settings.Options.ServiceId));
            client.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = CallLimits.ResponseTimeout);
            client.Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = GatewayListRefresh);
            client.UseConnectionRetryFilter<UntilASiloComes>();
            client.UseRedisClustering(o => o.ConfigurationOptions = StoreConnection.Options(settings.StoreConnection!));
        });

        // Orleans' own hosted service would hold up the start of the web server until a silo is met.
        foreach (var hosted in builder.Services.Where(service => service.ServiceType == typeof(IHostedService) && !before.Contains(service)).ToList())
        {
            builder.Services.Remove(hosted);
        }

        builder.Services.AddHostedService(provider => new ClientConnection((IHostedService)provider.GetRequiredService<IClusterClient>()));
        return builder;
    }
}
