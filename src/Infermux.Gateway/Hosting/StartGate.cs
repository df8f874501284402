using Infermux.Gateway.Management;

namespace Infermux.Gateway.Hosting;

/// <summary>While a gateway has not met a silo yet, its listener is open for probes alone: nothing else could be answered.</summary>
internal sealed class StartGate(RequestDelegate next, IHostApplicationLifetime lifetime)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (lifetime.ApplicationStarted.IsCancellationRequested || ListenerRule.IsProbe(http.Request.Path))
        {
            return next(http);
        }

        http.Response.Headers.RetryAfter = "1";
        return ManagementJson.Problem(503, "overloaded", "This gateway has not met a silo of its cluster yet. Retry; /readyz says when it is ready.").ExecuteAsync(http);
    }
}
