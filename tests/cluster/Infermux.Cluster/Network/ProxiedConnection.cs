using System.Net;
using System.Net.Sockets;
using Infermux.Testing;

namespace Infermux.Cluster.Network;

/// <summary>One connection through a <see cref="FaultProxy"/>: two directions, and an end that concerns both.</summary>
internal sealed class ProxiedConnection(Socket client, Func<FaultInForce> inForce, TimeProvider time) : IDisposable
{
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _ended = new();
    private int _over;

    public FaultInForce InForce => inForce();

    public async Task RunAsync(IPEndPoint target, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token, stopping);
        try
        {
            await _server.ConnectAsync(target, either.Token);
            client.NoDelay = _server.NoDelay = true;
            await Task.WhenAll(
                new ProxiedStream(client, _server, ProxyDirection.ToServer, this, time).RunAsync(either.Token),
                new ProxiedStream(_server, client, ProxyDirection.ToClient, this, time).RunAsync(either.Token));
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            End(reset: gone is SocketException); // as an unreachable or vanished side would look from the other one
        }
    }

    /// <summary>What the client sends is dropped before anybody acknowledges it.</summary>
    public void DropPackets()
    {
        try
        {
            DroppedPackets.On(client);
        }
        catch (ObjectDisposedException)
        {
            // It ended just now.
        }
    }

    /// <summary>Ends both sides. The first says how: what the other direction then finds is only this end.</summary>
    public void End(bool reset)
    {
        if (Interlocked.Exchange(ref _over, 1) == 1)
        {
            return;
        }

        foreach (var socket in (Socket[])[client, _server])
        {
            if (reset)
            {
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
            }
            else if (socket.Connected)
            {
                socket.Shutdown(SocketShutdown.Send);
            }

            socket.Dispose();
        }

        _ended.Cancel();
    }

    public void Dispose()
    {
        client.Dispose();
        _server.Dispose();
        _ended.Dispose();
    }
}
