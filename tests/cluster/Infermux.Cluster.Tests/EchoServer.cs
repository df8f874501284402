using System.Net;
using System.Net.Sockets;

namespace Infermux.Cluster.Tests;

/// <summary>Sends back what it gets, then says that this was the end: enough of a server to stand behind a proxy.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;
    private int _connections;

    public EchoServer()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Connections accepted so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stopping.Token);
                Interlocked.Increment(ref _connections);
                serving.Add(EchoAsync(socket));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task EchoAsync(Socket socket)
    {
        using (socket)
        {
            var buffer = new byte[4096];
            try
            {
                while (await socket.ReceiveAsync(buffer, _stopping.Token) is > 0 and var read)
                {
                    await socket.SendAsync(buffer.AsMemory(0, read), _stopping.Token);
                }

                await socket.SendAsync("the end"u8.ToArray(), _stopping.Token); // still said to who only shut down its own half
            }
            catch (Exception gone) when (gone is SocketException or OperationCanceledException)
            {
                // Cut by the proxy, or the test is over.
            }
        }
    }
}
