using System.Net.Sockets;
using System.Text;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests;

/// <summary>What no HTTP client would send, over raw sockets: how requests are smuggled past a proxy, and how servers are worn out.</summary>
public sealed class RawInboundTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private const string Body = "{\"model\":\"gpt-4o-mini\",\"messages\":[]}";

    [Theory]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n", 400)]
    [InlineData("Transfer-Encoding: gzip, chunked", "0\r\n\r\n", 400)]
    [InlineData("Transfer-Encoding: identity", Body, 400)]
    [InlineData("Content-Length: 0x5", "12345", 400)]
    [InlineData("Content-Length: 5\r\nContent-Length: 6", "123456", 400)]
    [InlineData("Transfer-Encoding: chunked", "FFFFFFFFFFFFFFFFF\r\nx\r\n0\r\n\r\n", 400)]
    [InlineData("Transfer-Encoding: chunked", "5;a\nb\r\n12345\r\n0\r\n\r\n", 400)]
    public async Task Framing_ThatTwoServersCouldReadDifferently_IsRefusedAndNothingGoesUpstream(string framing, string body, int status)
    {
        var (gateway, provider) = await BeginAsync();

        var answer = await SendAsync(gateway, $"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{framing}\r\n\r\n{body}");

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Equal(0, provider.Truth.Requests);
    }

    [Fact]
    public async Task Headers_TooLargeOrTooMany_Are431AndALongLineIs414()
    {
        var gateway = await EchoAsync();
        var many = string.Concat(Enumerable.Range(0, 101).Select(i => $"X-{i}: 1\r\n"));

        Assert.StartsWith("HTTP/1.1 431 ", await SendAsync(gateway, $"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Big: {new string('a', 33 << 10)}\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431 ", await SendAsync(gateway, $"GET /healthz HTTP/1.1\r\nHost: localhost\r\n{many}\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 414 ", await SendAsync(gateway, $"GET /{new string('a', 9 << 10)} HTTP/1.1\r\nHost: localhost\r\n\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /v1/nothing", 404, "not_found")]
    [InlineData("GET /_infermux/nothing", 404, "not_found")]
    [InlineData("GET /v1/chat/completions", 405, "method_not_allowed")]
    [InlineData("DELETE /_infermux/providers", 405, "method_not_allowed")]
    public async Task Path_OrMethodThatIsNotServed_AnswersInTheEnvelope(string line, int status, string code)
    {
        var gateway = await EchoAsync();

        var answer = await SendAsync(gateway, $"{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains($"X-Infermux-Error: {code}", answer, StringComparison.Ordinal);
        Assert.Contains("\"type\":\"infermux_error\"", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trace-4711", "trace-4711")]
    [InlineData("", null)]
    public async Task RequestId_Sent_ComesBackAndElseOneIsMade(string sent, string? expected)
    {
        var gateway = await EchoAsync();

        var answer = await gateway.ChatAsync(model: "echo-v1", headers: sent.Length > 0 ? [$"X-Request-Id={sent}"] : []);

        Assert.Equal(expected ?? answer.Header("X-Request-Id"), answer.Header("X-Request-Id"));
        Assert.NotEmpty(answer.Header("X-Request-Id")!);
    }

    private static async Task<string> SendAsync(TestGateway gateway, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(gateway.Address.Host, gateway.Address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0)
            {
                answer.Append(Encoding.ASCII.GetString(buffer, 0, read));
            }
        }
        catch (IOException)
        {
            // A server that refuses a head it has not read to its end resets the connection after its answer.
        }

        return answer.ToString();
    }

    private async Task<(TestGateway Gateway, ScriptedProvider Provider)> BeginAsync()
    {
        var (gateway, providers) = await shared.BeginAsync([new()], static started => Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(started[0], "primary")));
        return (gateway, providers[0]);
    }

    private Task<TestGateway> EchoAsync() => shared.GatewayAsync(
        static _ => Setup.Of(RoutingStrategy.Priority, new ProviderOptions { Name = "echo", Type = ProviderType.Echo }), "echo");
}
