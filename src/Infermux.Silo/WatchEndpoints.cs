using System.Net;
using System.Security.Cryptography;
using System.Text;
using Infermux.Hosting.Configuration.Reloading;
using Infermux.Hosting.Listening;
using Infermux.Hosting.SelfChecks;

namespace Infermux.Silo;

/// <summary>What is served for those who watch a silo: whether it lives, whether it is a member, and its metrics.</summary>
internal static class WatchEndpoints
{
    /// <exception cref="StartRefusedException">The management token cannot be had.</exception>
    public static void MapWatching(this WebApplication app)
    {
        var token = ManagementToken.FromEnvironment();
        var lifetime = app.Lifetime;
        app.MapGet("/healthz", () => Results.Text("ok"));

        // Started means joined: the host has started once Orleans has.
        app.MapGet("/readyz", (HttpContext http, SelfCheckReport checks, IConfigurationStatus loads) =>
        {
            var ready = lifetime.ApplicationStarted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested;
            var (word, status) = ready ? ("ok", StatusCodes.Status200OK) : ("not ready", StatusCodes.Status503ServiceUnavailable);
            return http.Request.Query.ContainsKey("verbose") && Refuse(http, token) is null
                ? Results.Json(
                    new
                    {
                        status = word,
                        self_checks = checks.Shown,
                        configuration_hash = loads.Loaded.Snapshot.Hash,
                        configuration_problems = loads.LastReloadProblem?.Problems.Select(problem => problem.ToString()),
                    },
                    statusCode: status)
                : Results.Text(word, statusCode: status);
        });
        app.MapGroup("")
            .AddEndpointFilter(async (context, next) => Refuse(context.HttpContext, token) ?? await next(context))
            .MapPrometheusScrapingEndpoint("/metrics");
    }

    /// <summary>Metrics name providers and callers' spending: with the token for whoever sends it, without one for this machine alone.</summary>
    private static IResult? Refuse(HttpContext http, ManagementToken token)
    {
        if (token.Value is { } expected)
        {
            return IsSent(http.Request, expected) ? null : Results.Text($"Send 'Authorization: Bearer <{ManagementToken.Variable}>'.", statusCode: 401);
        }

        return http.Connection.RemoteIpAddress is { } peer && IPAddress.IsLoopback(peer)
            ? null
            : Results.Text($"Without {ManagementToken.Variable} metrics are answered to this machine alone. Set the token, and send it.", statusCode: 403);
    }

    private static bool IsSent(HttpRequest request, string token) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(request.Headers.Authorization.ToString()), Encoding.UTF8.GetBytes($"Bearer {token}"));
}
