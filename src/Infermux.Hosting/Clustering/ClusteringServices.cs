using System.Net;
using Infermux.Grains.Budgets;
using Infermux.Grains.Contracts;
using Infermux.Hosting.Configuration.Numbering;
using Infermux.Hosting.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Storage;
using StackExchange.Redis;

namespace Infermux.Hosting.Clustering;

/// <summary>Puts a silo into a host.</summary>
public static class ClusteringServices
{
    private const int DefaultSiloPort = 11111;
    private const int DefaultGatewayPort = 30000;

    /// <summary>
    /// Adds a silo on the store of <paramref name="settings"/>: its membership, the storage provider named <see cref="InfermuxStorage.Name"/>, and where
    /// the store outlives the process the ledger's.
    /// </summary>
    public static IHostApplicationBuilder AddInfermuxSilo(this IHostApplicationBuilder builder, ClusterSettings settings)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.StoreConnection is not null)
        {
            builder.Services.AddHostedService<StoreWarmUp>(); // before Orleans: hosted services start in this order
        }

        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (settings.Options.ClusterId, settings.Options.ServiceId));
            silo.Configure<SiloMessagingOptions>(o =>
            {
                o.ResponseTimeout = CallLimits.ResponseTimeout;
                o.SystemResponseTimeout = CallLimits.ResponseTimeout * 4; // Orleans' own: directory and manifests, which a store's hiccup may hold up
                o.MaxEnqueuedRequestsHardLimit = CallLimits.PerGrain;
                o.MaxEnqueuedRequestsHardLimit_StatelessWorker = CallLimits.PerWorker;
            });
            AddMembership(silo, settings);
            AddStorage(silo, settings);
        });
        return builder;
    }

    private static void AddMembership(ISiloBuilder silo, ClusterSettings settings)
    {
        var options = settings.Options;
        if (!settings.IsShared)
        {
            // Alone: membership in memory, so that a restart after kill -9 waits for no dead silo's row; no gateway endpoint, since nobody else may join.
            var port = options.SiloPort ?? FreePort.OnLoopback();
            silo.UseDevelopmentClustering(new IPEndPoint(IPAddress.Loopback, port));
            silo.ConfigureEndpoints(IPAddress.Loopback, port, gatewayPort: 0);
            return;
        }

        silo.Configure<ClusterMembershipOptions>(MembershipTiming.Apply);

        // Refuses clients, never neighbours. By memory, since a silo that is killed for it takes every account with it; not by the processor, which a selection
        // hardly needs and a neighbour on the machine may fill: what waits then is bounded by CallLimits.
        silo.Configure<LoadSheddingOptions>(o => (o.LoadSheddingEnabled, o.CpuThreshold, o.MemoryThreshold) = (true, 100, 95));
        silo.UseRedisClustering(o => o.ConfigurationOptions = StoreConnection.Options(settings.StoreConnection!));
        var (siloPort, gatewayPort) = (options.SiloPort ?? DefaultSiloPort, options.GatewayPort ?? DefaultGatewayPort);
        if (options.AdvertisedIp is { } advertised)
        {
            silo.ConfigureEndpoints(IPAddress.Parse(advertised), siloPort, gatewayPort, listenOnAnyHostAddress: true);
        }
        else
        {
            silo.ConfigureEndpoints(siloPort, gatewayPort);
        }
    }

    private static void AddStorage(ISiloBuilder silo, ClusterSettings settings)
    {
        if (settings.StoreConnection is not { } connection)
        {
            silo.AddMemoryGrainStorage(InfermuxStorage.Name);
            return;
        }

        silo.Services.AddRedisLedger().AddLedgerTrust(settings.Options).AddStoredConfigurationNumber(settings.Options);
        silo.UseRedisReminderService(o => o.ConfigurationOptions = StoreConnection.Options(connection));
        silo.Services.AddSingleton<IAccountWaker, ReminderWaker>();
        silo.Services.TryAddSingleton<AliasedSerializer>();
        silo.Services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect(StoreConnection.Options(connection)));
        silo.AddRedisGrainStorage(InfermuxStorage.Name, storage => storage.Configure<AliasedSerializer>((o, serializer) =>
        {
            o.ConfigurationOptions = StoreConnection.Options(connection);

            // Aliases and field numbers, never CLR names: a renamed class must not lose a money record.
            o.GrainStorageSerializer = serializer;
        }));
    }
}
