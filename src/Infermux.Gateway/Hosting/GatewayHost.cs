using Infermux.Core.Configuration;
using Infermux.EmbeddedStore;
using Infermux.Gateway.Costs;
using Infermux.Gateway.Inference;
using Infermux.Gateway.Management;
using Infermux.Gateway.Models;
using Infermux.Gateway.Money;
using Infermux.Gateway.Reporting;
using Infermux.Gateway.Requests;
using Infermux.Grains;
using Infermux.Grains.Routing;
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
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Infermux.Gateway.Hosting;

/// <summary>
/// The HTTP edge, in a process of its own or with a silo beside it, and with <c>embedded</c> the store as well. Reads like a contents page.
/// </summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly EmbeddedStoreServer? _store;

    private readonly ILoggerFactory _storeLogs;

    private GatewayHost(WebApplication app, EmbeddedStoreServer? store, ILoggerFactory storeLogs) => (App, _store, _storeLogs) = (app, store, storeLogs);

    public WebApplication App { get; }

    /// <exception cref="StartRefusedException">The management token cannot be had.</exception>
    /// <exception cref="DataDirInUseException">Another process holds <c>cluster.data_dir</c>; the message says how to mend it.</exception>
    public static async Task<GatewayHost> BuildAsync(LoadedConfiguration loaded, GatewayHostOptions host, CancellationToken cancellationToken)
    {
        var options = loaded.Snapshot.Options;
        var builder = ProgramHost.CreateBuilder("infermux");
        builder.Logging.AddInfermuxConsole(options.Log);
        var storeLogs = LoggerFactory.Create(logging => logging.AddInfermuxConsole(options.Log)); // the store starts before the host can be built
        var store = await StartStoreAsync(options.Cluster, storeLogs, cancellationToken);
        try
        {
            builder.Services.AddSingleton(ProcessClock.FromEnvironment());
            builder.Services.AddInfermuxConfiguration(loaded);
            builder.Services.AddInfermuxTelemetry().AddInfermuxEvents();
            builder.Services.AddAwsCredentialChain().AddEntraCredentialChain().AddGoogleCredentialChain().AddUpstreams(host.HealthChecksAtStart);
            var cluster = ClusterSettings.From(options.Cluster, store?.ConnectionString);
            builder.Services.AddSelfChecks(cluster, isSilo: host.Role == ProcessRole.All, () => store?.WriteFailure); // before Orleans: they may refuse the start
            JoinCluster(builder, host.Role, cluster);

            // From here on things need Orleans, so they are registered after it and stop before it; the web server, added by the framework, stops first.
            builder.Services.AddAttemptReports().AddSettlements().AddCosts();
            builder.Services.AddRequestEvents().AddManagement(host.ManagementToken ?? ManagementToken.FromEnvironment()).AddInference();
            builder.Services.AddSingleton<Drain>().AddHostedService(provider => provider.GetRequiredService<Drain>());
            builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = Drain.Limit(options) + Drain.Afterwards);
            builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options));

            host.Replace(builder.Services);

            var app = builder.Build();
            app.UseRouting();
            if (host.Role == ProcessRole.Gateway)
            {
                app.UseMiddleware<StartGate>();
            }

            app.UseMiddleware<ErrorEnvelope>();
            app.UseMiddleware<ListenerRule>();
            app.MapInference();
            app.MapModels();
            app.MapManagement();
            return new GatewayHost(app, store, storeLogs);
        }
        catch
        {
            await (store?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await (_store?.DisposeAsync() ?? ValueTask.CompletedTask);
        _storeLogs.Dispose();
    }

    private static void JoinCluster(WebApplicationBuilder builder, ProcessRole role, ClusterSettings settings)
    {
        if (role == ProcessRole.Gateway)
        {
            builder.AddInfermuxClient(settings).Services.AddProviderViews();
        }
        else
        {
            builder.AddInfermuxSilo(settings).Services.AddSiloGrains().AddMembershipWatch(settings);
        }

        if (settings.IsShared)
        {
            builder.Services.AddClusterEvents(follow: true);
        }
    }

    private static async Task<EmbeddedStoreServer?> StartStoreAsync(ClusterOptions cluster, ILoggerFactory logs, CancellationToken cancellationToken) =>
        cluster.Store == StoreKind.Embedded
            ? await EmbeddedStoreServer.StartAsync(new EmbeddedStoreOptions { DataDir = cluster.DataDir, LoggerFactory = logs }, cancellationToken)
            : null;

    private static void Listen(KestrelServerOptions kestrel, InfermuxOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null; // limits.max_body is checked where it can say how to mend it
        kestrel.Limits.MaxRequestHeadersTotalSize = options.Limits.MaxHeaderBytes;
        var management = options.ManagementListen;
        Listen(kestrel, options.Listen, options.Tls, management is null ? ListenerRole.Everything : ListenerRole.Inference);
        if (management is not null)
        {
            Listen(kestrel, management, tls: null, ListenerRole.Management);
        }
    }

    private static void Listen(KestrelServerOptions kestrel, string address, TlsOptions? tls, ListenerRole role) => kestrel.ListenAt(address, listen =>
    {
        listen.Use(next => connection =>
        {
            connection.Features.Set(new Listener(role));
            return next(connection);
        });
        if (tls is not null)
        {
            var files = CertificateFiles.Read(tls);
            listen.UseHttps(https => (https.ServerCertificate, https.ServerCertificateChain) = (files.Leaf, files.Chain));
        }
    });
}
