using Infermux.Gateway.Hosting;
using Infermux.Gateway.Inference.Inbound;
using Infermux.Gateway.Management;
using Infermux.Providers;

namespace Infermux.Gateway.Inference;

/// <summary>OpenAI's Responses API. What it stores elsewhere is not stored here, and its paths say so.</summary>
internal static class ResponsesEndpoints
{
    private const string Path = "/v1/responses";

    public static void MapResponses(this IEndpointRouteBuilder endpoints, InferencePipeline pipeline)
    {
        endpoints.MapPost(Path, (RequestDelegate)(http => pipeline.HandleAsync(http, Operation.Responses))).WithMetadata(ErrorEnvelope.WritesOwnErrors);
        endpoints.MapMethods(Path, [HttpMethods.Get, HttpMethods.Connect], UpgradeAsync);
        endpoints.MapMethods(Path + "/{id}", [HttpMethods.Get, HttpMethods.Delete, HttpMethods.Post], StatefulAsync);
        endpoints.MapMethods(Path + "/{id}/cancel", [HttpMethods.Post], StatefulAsync);
        endpoints.MapMethods(Path + "/{id}/input_items", [HttpMethods.Get], StatefulAsync);
    }

    /// <summary>A WebSocket is refused at once, so that a client which prefers one goes on over HTTP; a plain GET is a wrong method.</summary>
    private static Task UpgradeAsync(HttpContext http)
    {
        var asks = HttpMethods.IsConnect(http.Request.Method)
            || http.Request.Headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase);
        if (!asks)
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            http.Response.Headers.Allow = HttpMethods.Post;
            return Task.CompletedTask; // the envelope of wrong methods says the rest
        }

        http.Response.Headers.Upgrade = "HTTP/1.1";
        return ManagementJson.Problem(
            StatusCodes.Status426UpgradeRequired, "unsupported", $"{Path} is served over HTTP, not over a WebSocket. POST the request; 'stream: true' streams the answer.")
            .ExecuteAsync(http);
    }

    private static Task StatefulAsync(HttpContext http) => ManagementJson.Problem(
        StatusCodes.Status400BadRequest,
        "unsupported",
        $"{http.Request.Method} {Printable.Of(http.Request.Path)} needs stored responses, and Infermux stores none. POST {Path} with the whole conversation in 'input' and "
        + "'store: false'.")
        .ExecuteAsync(http);
}
