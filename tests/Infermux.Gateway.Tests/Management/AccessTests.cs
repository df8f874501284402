using System.Net;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Infermux.Gateway.Tests.Management;

public sealed class AccessTests
{
    private static readonly string[] Open = ["/healthz", "/readyz", "/_infermux/health"];

    private static readonly InfermuxOptions Echo = Setup.Of(RoutingStrategy.Priority, new ProviderOptions { Name = "echo", Type = ProviderType.Echo });

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Forwarded", "for=10.0.0.1")]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Forwarded-Anything", "x")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    public async Task ManagementWithoutToken_RequestThatMayComeFromElsewhere_Is403WithTheMend(string header, string value)
    {
        await using var gateway = await TestGateway.StartAsync(Echo);

        var (status, body) = await AskAsync(gateway.Address, HttpMethod.Get, "/_infermux/status", header, value);

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("INFERMUX_MANAGEMENT_TOKEN", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host", "localhost:1234")]
    [InlineData("Host", "[::1]")]
    [InlineData("Origin", "http://localhost:3000")]
    public async Task ManagementWithoutToken_LocalRequest_Answers(string header, string value)
    {
        await using var gateway = await TestGateway.StartAsync(Echo);

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(gateway.Address, HttpMethod.Get, "/_infermux/status", header, value)).Status);
    }

    [Fact]
    public async Task ManagementWithToken_OnlyTheRightOneAnswersAndItOpensForwardedRequestsToo()
    {
        await using var gateway = await TestGateway.StartAsync(Echo, managementToken: "right");

        foreach (var path in (string[])["/_infermux/status", "/_infermux/metrics", "/metrics"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(gateway.Address, HttpMethod.Get, path)).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(gateway.Address, HttpMethod.Get, path, "Authorization", "Bearer wrong")).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(gateway.Address, HttpMethod.Get, path, "Authorization", "Basic right")).Status);
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(gateway.Address, HttpMethod.Get, path, "Authorization", "Bearer right", "X-Forwarded-For", "10.0.0.1")).Status);
        }
    }

    /// <summary>Whoever maps a route without the rule fails here: every one is asked as a stranger.</summary>
    [Fact]
    public async Task EveryMappedRoute_AskedByAStranger_RefusesButForTheProbes()
    {
        await using var gateway = await TestGateway.StartAsync(
            Echo with { Auth = new AuthOptions { Mode = AuthMode.StaticKey, Key = "callers-key" } }, managementToken: "right");
        var routes = gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        Assert.True(routes.Count >= 25, $"{routes.Count} routes");

        foreach (var route in routes)
        {
            var path = "/" + string.Join('/', route.RoutePattern.PathSegments.Select(s => string.Concat(s.Parts.Select(
                p => p is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content : "echo"))));
            foreach (var method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                if (method == "CONNECT")
                {
                    continue; // HTTP/2's way to a WebSocket, which HttpClient does not go by itself; refused by the same handler as GET
                }

                var (status, body) = await AskAsync(gateway.Address, new HttpMethod(method), path);
                if (path.StartsWith("/v1/responses", StringComparison.Ordinal) && (method, path) != ("POST", "/v1/responses"))
                {
                    Assert.True((int)status is 400 or 405, $"{method} {path}: {status} {body}"); // not served: the same constant words for everybody
                    continue;
                }

                Assert.True(status == (Open.Contains(path, StringComparer.Ordinal) ? HttpStatusCode.OK : HttpStatusCode.Unauthorized), $"{method} {path}: {status} {body}");
            }
        }
    }

    [Fact]
    public async Task Probes_AskedByAStranger_SayOkAndNothingElse()
    {
        await using var gateway = await TestGateway.StartAsync(Echo, managementToken: "right");

        Assert.Equal("ok", (await AskAsync(gateway.Address, HttpMethod.Get, "/healthz")).Body);
        Assert.Equal("ok", (await AskAsync(gateway.Address, HttpMethod.Get, "/readyz?verbose")).Body);
        Assert.Equal("{\"status\":\"ok\"}", (await AskAsync(gateway.Address, HttpMethod.Get, "/_infermux/health")).Body);
        var verbose = await AskAsync(gateway.Address, HttpMethod.Get, "/readyz?verbose", "Authorization", "Bearer right");
        Assert.Contains("\"providers_total\":1", verbose.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManagementListen_EachListenerServesItsOwnPathsAndBothServeTheProbes()
    {
        await using var gateway = await TestGateway.StartAsync(Echo with { ManagementListen = "127.0.0.1:0" });
        var (inference, management) = (gateway.Address, gateway.ManagementAddress);
        Assert.NotEqual(inference, management);

        foreach (var path in (string[])["/_infermux/status", "/_infermux/metrics", "/metrics", "/_INFERMUX/providers"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(inference, HttpMethod.Get, path)).Status);
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(management, HttpMethod.Get, path)).Status);
        }

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(inference, HttpMethod.Get, "/v1/models")).Status);
        var lost = await AskAsync(management, HttpMethod.Get, "/v1/models");
        Assert.Equal(HttpStatusCode.NotFound, lost.Status);
        Assert.Contains("served on listen", lost.Body, StringComparison.Ordinal);
        foreach (var probe in Open)
        {
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(inference, HttpMethod.Get, probe)).Status);
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(management, HttpMethod.Get, probe)).Status);
        }
    }

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(Uri server, HttpMethod method, string path, params string[] headers)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = server };
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Post || method == HttpMethod.Put)
        {
            request.Content = new StringContent("{\"limit_usd\": 1}", null, "application/json");
        }

        for (var i = 0; i < headers.Length; i += 2)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(headers[i], headers[i + 1]));
        }

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
