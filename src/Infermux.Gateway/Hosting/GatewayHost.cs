using System.Net;
using Infermux.Core.Configuration;
using Infermux.EmbeddedStore;
using Infermux.Gateway.Costs;
using Infermux.Gateway.Inference;
using Infermux.Gateway.Management;
using Infermux.Gateway.Models;
using Infermux.Gateway.Money;
using Infermux.Gateway.Reporting;
using Infermux.Gateway.Requests;
using Infermux.Grains.Budgets;
using Infermux.Grains.Contracts.Providers;
using Infermux.Grains.Ledger;
using Infermux.Grains.Routing;
using Infermux.Hosting.Clustering;
using Infermux.Hosting.Configuration;
using Infermux.Hosting.Events;
using Infermux.Hosting.Ledger;
using Infermux.Hosting.Telemetry;
using Infermux.Providers.Transport;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Infermux.Gateway.Hosting;

/// <summary>One all-in-one process: the HTTP edge, a silo inside it, and with <c>embedded</c> its store. Reads like a contents page.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly EmbeddedStoreServer? _store;

    private readonly ILoggerFactory _storeLogs;

    private GatewayHost(WebApplication app, EmbeddedStoreServer? store, ILoggerFactory storeLogs) => (App, _store, _storeLogs) = (app, store, storeLogs);

    public WebApplication App { get; }

    /// <exception cref="DataDirInUseException">Another process holds <c>cluster.data_dir</c>; the message says how to mend it.</exception>
    public static async Task<GatewayHost> BuildAsync(LoadedConfiguration loaded, GatewayHostOptions host, CancellationToken cancellationToken)
    {
        var options = loaded.Snapshot.Options;
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "infermux" });
        builder.Logging.AddInfermuxConsole(options.Log);
        var storeLogs = LoggerFactory.Create(logging => logging.AddInfermuxConsole(options.Log)); // the store starts before the host can be built
        var store = await StartStoreAsync(options.Cluster, storeLogs, cancellationToken);
        try
        {
            builder.Services.AddSingleton(TimeProvider.System);
            builder.Services.AddInfermuxConfiguration(loaded);
            builder.AddInfermuxSilo(ClusterSettings.From(options.Cluster, store?.ConnectionString));
            builder.Services.AddInfermuxTelemetry().AddInfermuxEvents();
            RoutingServices.AddRouting(builder.Services);
            builder.Services.AddCallerBudgets();
            _ = options.Cluster.Store == StoreKind.Memory ? builder.Services.AddLedger() : builder.Services.AddRedisLedger();
            builder.Services.AddSingleton(Transport);
            builder.Services.AddSingleton<IProviderProbe>(services => new ProviderProbe(services.GetRequiredService<IUpstreamTransport>(), host.HealthChecksAtStart));

            // From here on things need Orleans, so they are registered after it and stop before it; the web server, added by the framework, stops first.
            builder.Services.AddAttemptReports().AddSettlements().AddCosts();
            builder.Services.AddRequestEvents().AddManagement(host.ManagementToken).AddInference();
            builder.Services.AddSingleton<Drain>().AddHostedService(provider => provider.GetRequiredService<Drain>());
            builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = options.Shutdown.Drain + Drain.Afterwards);
            builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options));

            var app = builder.Build();
            app.UseRouting();
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

    /// <summary>One pool for each provider; those that a reload dropped are closed once their requests have ended.</summary>
    private static IUpstreamTransport Transport(IServiceProvider services)
    {
        var transport = new UpstreamTransport(services.GetRequiredService<TimeProvider>());
        services.GetRequiredService<ICurrentConfiguration>().OnChange(
            changed => transport.KeepOnly(changed.Options.Providers.Select(p => p.Name).ToHashSet(StringComparer.Ordinal)));
        return transport;
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

    private static void Listen(KestrelServerOptions kestrel, string address, TlsOptions? tls, ListenerRole role)
    {
        var parsed = ListenAddress.Read(address)
            ?? throw new ArgumentException($"'{address}' is no listen address; validate refuses such a file.", nameof(address));
        void Configure(ListenOptions listen)
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
        }

        if (parsed.IsAny)
        {
            kestrel.ListenAnyIP(parsed.Port, Configure);
        }
        else if (IPAddress.TryParse(parsed.Host, out var ip))
        {
            kestrel.Listen(ip, parsed.Port, Configure);
        }
        else
        {
            kestrel.ListenLocalhost(parsed.Port, Configure);
        }
    }
}
