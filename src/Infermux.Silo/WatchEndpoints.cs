using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Infermux.Silo;

/// <summary>What is served for those who watch a silo: whether it lives, whether it is a member, and its metrics.</summary>
internal static class WatchEndpoints
{
    private const string TokenVariable = "INFERMUX_MANAGEMENT_TOKEN";

    public static void MapWatching(this WebApplication app)
    {
        var lifetime = app.Lifetime;
        app.MapGet("/healthz", () => Results.Text("ok"));

        // Started means joined: the host has started once Orleans has.
        app.MapGet("/readyz", () => lifetime.ApplicationStarted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested
            ? Results.Text("ok")
            : Results.Text("not ready", statusCode: StatusCodes.Status503ServiceUnavailable));
        app.MapGroup("").AddEndpointFilter(RefuseStrangersAsync).MapPrometheusScrapingEndpoint("/metrics");
    }

    /// <summary>Metrics name providers and callers' spending: with the token for whoever sends it, without one for this machine alone.</summary>
    private static async ValueTask<object?> RefuseStrangersAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token)
        {
            return IsSent(http.Request, token) ? await next(context) : Results.Text($"Send 'Authorization: Bearer <{TokenVariable}>'.", statusCode: 401);
        }

        return http.Connection.RemoteIpAddress is { } peer && IPAddress.IsLoopback(peer)
            ? await next(context)
            : Results.Text($"Without {TokenVariable} metrics are answered to this machine alone. Set the token, and send it.", statusCode: 403);
    }

    private static bool IsSent(HttpRequest request, string token) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString()), Encoding.UTF8.GetBytes($"Bearer {token}"));
}
