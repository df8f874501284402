using System.Net;
using System.Security.Cryptography;
using System.Text;
using Infermux.Hosting.SelfChecks;

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
        app.MapGet("/readyz", (HttpContext http, SelfCheckReport checks) =>
        {
            var ready = lifetime.ApplicationStarted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested;
            var (word, status) = ready ? ("ok", StatusCodes.Status200OK) : ("not ready", StatusCodes.Status503ServiceUnavailable);
            return http.Request.Query.ContainsKey("verbose") && Refuse(http) is null
                ? Results.Json(new { status = word, self_checks = checks.Shown }, statusCode: status)
                : Results.Text(word, statusCode: status);
        });
        app.MapGroup("").AddEndpointFilter(RefuseStrangersAsync).MapPrometheusScrapingEndpoint("/metrics");
    }

    /// <summary>Metrics name providers and callers' spending: with the token for whoever sends it, without one for this machine alone.</summary>
    private static async ValueTask<object?> RefuseStrangersAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        return Refuse(context.HttpContext) ?? await next(context);
    }

    private static IResult? Refuse(HttpContext http)
    {
        if (Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token)
        {
            return IsSent(http.Request, token) ? null : Results.Text($"Send 'Authorization: Bearer <{TokenVariable}>'.", statusCode: 401);
        }

        return http.Connection.RemoteIpAddress is { } peer && IPAddress.IsLoopback(peer)
            ? null
            : Results.Text($"Without {TokenVariable} metrics are answered to this machine alone. Set the token, and send it.", statusCode: 403);
    }

    private static bool IsSent(HttpRequest request, string token) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString()), Encoding.UTF8.GetBytes($"Bearer {token}"));
}
