using System.Security.Cryptography.X509Certificates;
using Azure.Core.Pipeline;
using Infermux.Providers.Tests.Transport;
using Infermux.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace Infermux.Providers.Azure.Tests;

/// <summary>Microsoft's authority, played over TLS on a loopback port: its discovery, and tokens with numbers.</summary>
internal sealed class Authority : IAsyncDisposable
{
    private readonly X509Certificate2 _certificate = LoopbackTls.Certificate();
    private readonly List<IReadOnlyDictionary<string, string>> _forms = [];
    private readonly int _life;
    private readonly bool _refuses;
    private TestServer _server = null!;

    private Authority(int life, bool refuses) => (_life, _refuses) = (life, refuses);

    /// <summary>What was posted for tokens, in order.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Forms
    {
        get
        {
            lock (_forms)
            {
                return [.. _forms];
            }
        }
    }

    /// <summary>The chain's clock; the library has its own.</summary>
    public FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

    /// <param name="life">Seconds that a token lives.</param>
    /// <param name="refuses">Whether it gives none.</param>
    public static async Task<Authority> StartAsync(int life = 3_600, bool refuses = false)
    {
        var authority = new Authority(life, refuses);
        authority._server = await TestServer.StartAsync(authority.AnswerAsync, authority._certificate);
        return authority;
    }

    public EntraCredentialChain Chain()
    {
        var transport = new HttpClientTransport(LoopbackTls.Handler(_server.Port, _certificate));
        return new EntraCredentialChain(Time, identity => EntraCredentialChain.Find(identity, transport));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _certificate.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (!path.EndsWith("/oauth2/v2.0/token", StringComparison.Ordinal))
        {
            await context.Response.WriteAsJsonAsync(Discovery(context.Request.Host.Value!));
            return;
        }

        var form = await context.Request.ReadFormAsync();
        int number;
        lock (_forms)
        {
            _forms.Add(form.ToDictionary(static field => field.Key, static field => field.Value.ToString(), StringComparer.Ordinal));
            number = _forms.Count;
        }

        context.Response.StatusCode = _refuses ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK;
        await context.Response.WriteAsJsonAsync<object>(_refuses
            ? new { error = "invalid_client", error_description = "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent is right." }
            : new { token_type = "Bearer", expires_in = _life, ext_expires_in = _life, access_token = $"entra-token-{number}" });
    }

    private static object Discovery(string host) => new
    {
        tenant_discovery_endpoint = $"https://{host}/common/v2.0/.well-known/openid-configuration",
        metadata = new[] { new { preferred_network = host, preferred_cache = host, aliases = new[] { host } } },
        authorization_endpoint = $"https://{host}/common/oauth2/v2.0/authorize",
        token_endpoint = $"https://{host}/common/oauth2/v2.0/token",
        issuer = $"https://{host}/common/v2.0",
    };
}
