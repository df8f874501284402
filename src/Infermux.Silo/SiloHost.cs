using Infermux.Grains;
using Infermux.Hosting;
using Infermux.Hosting.Clustering;
using Infermux.Hosting.Configuration;
using Infermux.Hosting.Events;
using Infermux.Hosting.Listening;
using Infermux.Hosting.Logging;
using Infermux.Hosting.SelfChecks;
using Infermux.Hosting.Telemetry;
using Infermux.Providers.Aws;
using Infermux.Providers.Azure;
using Infermux.Providers.Google;
using Infermux.Providers.Transport;

namespace Infermux.Silo;

/// <summary>A silo with what grains need around it, and a listener for those who watch it. Reads like a contents page.</summary>
internal static class SiloHost
{
    /// <summary>Loopback, because a file without <c>management_listen</c> says nothing of who may read metrics; beside the gateway's 8080.</summary>
    public const string DefaultListen = "127.0.0.1:8081";

    /// <summary>What leaving the cluster may take: grains are handed over, what they answer is answered. Orleans' own calls in it end after 6 s.</summary>
    public static readonly TimeSpan Leaving = TimeSpan.FromSeconds(20);

    public static WebApplication Build(LoadedConfiguration loaded)
    {
        var options = loaded.Snapshot.Options;
        var builder = ProgramHost.CreateBuilder("infermux-silo");
        builder.Logging.AddInfermuxConsole(options.Log);
        builder.Services.AddSingleton(ProcessClock.FromEnvironment());
        builder.Services.AddInfermuxConfiguration(loaded);
        builder.Services.AddInfermuxTelemetry().AddInfermuxEvents();
        builder.Services.AddAwsCredentialChain().AddEntraCredentialChain().AddGoogleCredentialChain().AddUpstreams();
        var cluster = ClusterSettings.From(options.Cluster, embeddedStore: null);
        builder.Services.AddSelfChecks(cluster, isSilo: true); // before Orleans: they may refuse the start
        builder.AddInfermuxSilo(cluster).Services.AddSiloGrains().AddClusterEvents(follow: false).AddMembershipWatch(cluster);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = Leaving);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenAt(options.ManagementListen ?? DefaultListen, static _ => { });
        });

        var app = builder.Build();
        app.MapWatching();
        return app;
    }
}
