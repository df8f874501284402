using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Infermux.Testing;

/// <summary>One listening Kestrel. Stopping it is as abrupt as a killed process: connections are reset and the port is closed.</summary>
internal sealed class ProviderHost : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConnectionContext> _connections = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TruthBook _book;
    private readonly BehaviourBook _behaviours;
    private readonly InferenceEndpoint _inference;
    private readonly ListingEndpoint _listing;
    private readonly ScriptEndpoint _script;
    private readonly WebApplication _app;

    private ProviderHost(ScriptedProviderOptions options, int port, TruthBook book, BehaviourBook behaviours)
    {
        (_book, _behaviours) = (book, behaviours);
        _inference = new InferenceEndpoint(options, book, behaviours);
        _listing = new ListingEndpoint(options, book, behaviours);
        _script = new ScriptEndpoint(book, behaviours);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, port, Configure);
        });
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    public int Port { get; private set; }

    public static async Task<ProviderHost> StartAsync(
        ScriptedProviderOptions options, int port, TruthBook book, BehaviourBook behaviours, CancellationToken cancellationToken)
    {
        var host = new ProviderHost(options, port, book, behaviours);
        await host._app.StartAsync(cancellationToken);
        var addresses = host._app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        host.Port = new Uri(addresses.Addresses.First()).Port;
        return host;
    }

    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        foreach (var connection in _connections.Values)
        {
            connection.Abort();
        }

        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    private void Configure(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => async connection =>
        {
            _book.Connected();
            if (_behaviours.Standing.Fault == Fault.ResetOnConnect)
            {
                connection.Abort();
                return;
            }

            _connections[connection.ConnectionId] = connection;
            try
            {
                await next(connection);
            }
            finally
            {
                _connections.TryRemove(connection.ConnectionId, out _);
            }
        });
    }

    private async Task ServeAsync(HttpContext context)
    {
        var route = Route.Of(context.Request.Path.Value ?? "", context.Request.Query["api-version"], context.Request.Query["alt"]);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        if (_behaviours.Standing.Fault == Fault.ResetOnConnect)
        {
            context.Response.Headers.Connection = "close"; // whoever kept a connection open has to connect for the next request
        }

        try
        {
            await (route.Kind switch
            {
                CallKind.Script => _script.ServeAsync(context, ending.Token),
                CallKind.Models or CallKind.OllamaTags or CallKind.GeminiModels => _listing.ServeAsync(context, route, ending.Token),
                CallKind.Unknown => NotFoundAsync(context, ending.Token),
                _ => _inference.ServeAsync(context, route, ending.Token),
            });
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            context.Abort(); // the caller is gone, or this provider is: there is nobody to answer
        }
    }

    private static async Task NotFoundAsync(HttpContext context, CancellationToken ending)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.ContentType = "application/json";
        var body = OpenAiError.Body(404, "unknown_url", $"Unknown request URL: {context.Request.Method} {context.Request.Path}.", null);
        await context.Response.WriteAsync(body, ending);
    }
}
