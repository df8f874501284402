using Infermux.Gateway.Inference.Errors;
using Infermux.Gateway.Inference.Inbound;
using Infermux.Gateway.Management;

namespace Infermux.Gateway.Hosting;

/// <summary>Gives what the framework refuses without a word (unknown path, wrong method, a body that is no JSON) the envelope of every other error.</summary>
internal sealed class ErrorEnvelope(RequestDelegate next)
{
    /// <summary>Metadata of an endpoint that answers every error itself, so that its requests need no look afterwards.</summary>
    public static object WritesOwnErrors { get; } = new Marker();

    public Task InvokeAsync(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<Marker>() is null ? EnvelopAsync(http) : next(http);

    private async Task EnvelopAsync(HttpContext http)
    {
        await next(http);
        var response = http.Response;
        if (response.StatusCode is < 400 or >= 500 || response.HasStarted || response.ContentType is not null || response.ContentLength > 0
            || http.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        var problem = http.Request.Path.StartsWithSegments("/v1/messages", StringComparison.Ordinal)
            ? AnthropicProblem.Of(http, response.StatusCode, Code(response.StatusCode), Message(http))
            : ManagementJson.Problem(response.StatusCode, Code(response.StatusCode), Message(http));
        await problem.ExecuteAsync(http);
    }

    private static string Code(int status) => status switch
    {
        404 => "not_found",
        405 => "method_not_allowed",
        _ => "invalid_request",
    };

    private static string Message(HttpContext http) => http.Response.StatusCode switch
    {
        404 => $"Nothing is served at {Printable.Of(http.Request.Path)}. Inference is under /v1, management under /_infermux.",
        405 => $"{Printable.Of(http.Request.Path)} takes {http.Response.Headers.Allow}, not {Printable.Of(http.Request.Method)}.",
        415 => "Send the body as JSON, with 'Content-Type: application/json'.",
        _ => "The request could not be read: a parameter or the JSON body has the wrong form. Check the types and spelling of its values.",
    };

    private sealed record Marker;
}
