using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Infermux.Cluster.Network;

/// <summary>
/// Spreads connections over the ports of gateways, one after the other. A port that refuses a connection is left out for a second, and the connection goes
/// to the next; where it probes, one that does not answer <c>/readyz</c> with 200 in time, frozen or draining, is left out as long.
/// </summary>
internal sealed class LoadBalancer : IAsyncDisposable
{
    private static readonly TimeSpan LeftOut = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromMilliseconds(500);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<int, long> _refusedAt = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly IReadOnlyList<int> _ports;
    private readonly TimeProvider _time;
    private readonly Task _accepting;
    private readonly Readiness? _readiness;
    private int _turn = -1;

    public LoadBalancer(IReadOnlyList<int> ports, TimeProvider? time = null, bool probed = false)
    {
        (_ports, _time) = (ports, time ?? TimeProvider.System);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1024);
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");
        _readiness = probed ? new Readiness(ports, _time) : null;
        _accepting = AcceptAsync();
    }

    /// <summary>Where callers send to.</summary>
    public Uri Address { get; }

    public async ValueTask DisposeAsync()
    {
        await (_readiness?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var connection = ServeAsync(await _listener.AcceptAsync(_stopping.Token));
                _connections[connection] = true;
                _ = connection.ContinueWith(
                    ended => _connections.TryRemove(ended, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
            catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            using var server = await ConnectAsync();
            if (server is null)
            {
                return; // the caller sees its connection closed
            }

            client.NoDelay = server.NoDelay = true;
            await Task.WhenAll(CopyAsync(client, server), CopyAsync(server, client));
        }
    }

    private async Task<Socket?> ConnectAsync()
    {
        for (var tried = 0; tried < _ports.Count && !_stopping.IsCancellationRequested; tried++)
        {
            var port = Next();
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            limit.CancelAfter(ConnectLimit);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), limit.Token);
                return socket;
            }
            catch (Exception refused) when (refused is SocketException or OperationCanceledException)
            {
                socket.Dispose();
                _refusedAt[port] = _time.GetTimestamp();
            }
        }

        return null;
    }

    /// <summary>The next port in turn that is ready and did not just refuse; the next in turn where none is.</summary>
    private int Next()
    {
        for (var skipped = 0; skipped < _ports.Count; skipped++)
        {
            var port = _ports[(int)((uint)Interlocked.Increment(ref _turn) % _ports.Count)];
            if ((_readiness?.IsReady(port) ?? true) && (!_refusedAt.TryGetValue(port, out var at) || _time.GetElapsedTime(at) > LeftOut))
            {
                return port;
            }
        }

        return _ports[(int)((uint)Interlocked.Increment(ref _turn) % _ports.Count)];
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stopping.Token) is > 0 and var read)
            {
                for (var sent = 0; sent < read;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), _stopping.Token);
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // A side that vanished takes the other one with it, so that neither waits for it.
            from.Dispose();
            to.Dispose();
        }
    }
}
