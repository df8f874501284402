using System.Net;
using Infermux.Gateway.Hosting;
using Infermux.Gateway.Inference.Errors;
using Infermux.Gateway.Inference.Inbound;
using Infermux.Gateway.Requests;
using Infermux.Hosting.Listening;

namespace Infermux.Gateway.Management;

/// <summary>
/// Who may use the management API. With <c>INFERMUX_MANAGEMENT_TOKEN</c> set: who sends it. Without: a loopback peer that names a loopback host and came
/// through no proxy, since a web page or a forwarded request reaches loopback too.
/// </summary>
internal sealed class ManagementAccess(ManagementToken token, RefusalWriter refusals) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (Refuse(http) is { } refusal)
        {
            await refusals.WriteAsync(http, Nobody(http), refusal, events: null);
            return Results.Empty;
        }

        return await next(context);
    }

    /// <summary>Why this request may not manage; null when it may.</summary>
    public Refusal? Refuse(HttpContext http)
    {
        if (Listener.RoleOf(http) == ListenerRole.Inference)
        {
            return new(404, "not_found", "Management is served on management_listen only.") { Retryable = false };
        }

        if (token.Value is { } expected)
        {
            return CallerIdentity.SameSecret(CallerIdentity.BearerToken(http.Request), expected)
                ? null
                : new(401, "unauthorized", "Send 'Authorization: Bearer <INFERMUX_MANAGEMENT_TOKEN>'.") { Retryable = false };
        }

        return IsLocal(http)
            ? null
            : new(
                403,
                "unauthorized",
                "Without INFERMUX_MANAGEMENT_TOKEN the management API answers only direct requests from this machine to a loopback host. Set the token, and send it.")
            { Retryable = false };
    }

    private static bool IsLocal(HttpContext http)
    {
        var headers = http.Request.Headers;
        return http.Connection.RemoteIpAddress is { } peer && IPAddress.IsLoopback(peer)
            && IsLoopbackName(http.Request.Host.Host)
            && !headers.ContainsKey("Forwarded") && !headers.ContainsKey("Via")
            && !headers.Keys.Any(name => name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase))
            && (headers.Origin.Count == 0 || (Uri.TryCreate(headers.Origin.ToString(), UriKind.Absolute, out var origin) && IsLoopbackName(origin.Host)));
    }

    private static bool IsLoopbackName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static RequestRecord Nobody(HttpContext http) => new()
    {
        RequestId = http.TraceIdentifier,
        Operation = Guid.Empty,
        StartedAt = default,
        Kind = default,
        ConfigurationHash = "",
    };
}
