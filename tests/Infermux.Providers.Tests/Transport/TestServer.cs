using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Infermux.Providers.Tests.Transport;

/// <summary>A server on a free loopback port that answers as the test says.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _asked;

    private TestServer(WebApplication app, string scheme)
    {
        _app = app;
        Scheme = scheme;
    }

    public int Asked => Volatile.Read(ref _asked);

    public int Port => new Uri(_app.Urls.First()).Port;

    public string Url => $"{Scheme}://localhost:{Port}/v1";

    private string Scheme { get; }

    public static async Task<TestServer> StartAsync(RequestDelegate answer, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (certificate is not null)
                {
                    listen.UseHttps(certificate);
                }
            });
        });
        var app = builder.Build();
        var server = new TestServer(app, certificate is null ? "http" : "https");
        app.Run(context =>
        {
            Interlocked.Increment(ref server._asked);
            return answer(context);
        });
        await app.StartAsync(TestContextToken);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static CancellationToken TestContextToken => Xunit.TestContext.Current.CancellationToken;
}
