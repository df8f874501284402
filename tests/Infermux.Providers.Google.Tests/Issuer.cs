using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Infermux.Providers.Tests.Transport;
using Microsoft.AspNetCore.Http;

namespace Infermux.Providers.Google.Tests;

/// <summary>Gives tokens with numbers, as Google's token endpoint does and as a metadata server does.</summary>
internal sealed class Issuer : IAsyncDisposable
{
    private TestServer _server = null!;

    public int Port => _server.Port;

    /// <summary>The forms that were posted, in order.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Forms { get; } = [];

    /// <summary>Method, path and Google's own header of every request, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    public static async Task<Issuer> StartAsync(bool refuses = false, X509Certificate2? certificate = null)
    {
        var issuer = new Issuer();
        issuer._server = await TestServer.StartAsync(context => issuer.AnswerAsync(context, refuses), certificate);
        return issuer;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context, bool refuses)
    {
        Asked.Enqueue($"{context.Request.Method} {context.Request.Path} Metadata-Flavor={context.Request.Headers["Metadata-Flavor"]}");
        if (context.Request.HasFormContentType)
        {
            var form = await context.Request.ReadFormAsync();
            Forms.Enqueue(form.ToDictionary(static field => field.Key, static field => field.Value.ToString(), StringComparer.Ordinal));
        }

        context.Response.StatusCode = refuses ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK;
        context.Response.Headers["Metadata-Flavor"] = "Google";
        await context.Response.WriteAsJsonAsync<object>(refuses
            ? new { error = "invalid_grant", error_description = "Invalid JWT Signature." }
            : new { access_token = $"ya29.token-{Asked.Count}", expires_in = 3_600, token_type = "Bearer" });
    }
}
