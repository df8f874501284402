using System.Net.Sockets;
using System.Text;

namespace Infermux.Gateway.Tests.Support;

/// <summary>A streamed chat request over a bare socket: HttpClient and SDKs drain an answer for up to two seconds before they close.</summary>
internal sealed class RawStream : IDisposable
{
    private readonly TcpClient _client = new();

    private RawStream()
    {
    }

    /// <summary>Returns at the first content.</summary>
    public static async Task<RawStream> AtFirstContentAsync(Uri gateway, string caller = "alice")
    {
        var stream = new RawStream();
        await stream._client.ConnectAsync(gateway.Host, gateway.Port, TestContext.Current.CancellationToken);
        const string body = """{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"hello"}]}""";
        var connection = stream._client.GetStream();
        await connection.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST /v1/chat/completions HTTP/1.1\r\nHost: {gateway.Authority}\r\nX-Infermux-Caller: {caller}\r\n"
                + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"),
            TestContext.Current.CancellationToken);
        using var reader = new StreamReader(connection, leaveOpen: true);
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.StartsWith("data:", StringComparison.Ordinal))
        {
        }

        return stream;
    }

    /// <summary>Closes the connection; the moment after.</summary>
    public DateTimeOffset HangUp()
    {
        _client.Close();
        return TimeProvider.System.GetUtcNow();
    }

    public void Dispose() => _client.Dispose();
}
