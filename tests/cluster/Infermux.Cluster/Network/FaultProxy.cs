using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Infermux.Testing;

namespace Infermux.Cluster.Network;

/// <summary>
/// Stands before a TCP port (Redis, a provider) and misbehaves on request. What passes is not understood, only delayed, slowed, held back or cut.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly Socket _listener = NewSocket();
    private readonly ConcurrentDictionary<ProxiedConnection, Task> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly IPEndPoint _target;
    private readonly TimeProvider _time;
    private readonly Task _accepting;
    private volatile bool _vanished;
    private volatile FaultInForce _inForce = new(ProxyFault.None);
    private long _accepted;

    public FaultProxy(int targetPort, int port = 0, TimeProvider? time = null)
    {
        (_target, _time) = (new IPEndPoint(IPAddress.Loopback, targetPort), time ?? TimeProvider.System);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(512);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens, on loopback.</summary>
    public int Port { get; }

    /// <summary>Connections open now.</summary>
    public int Open => _connections.Count;

    /// <summary>Connections accepted so far.</summary>
    public long Accepted => Volatile.Read(ref _accepted);

    /// <summary>The fault in force, for open connections and new ones.</summary>
    public ProxyFault Fault
    {
        get => _inForce.Fault;
        set
        {
            var past = _inForce;
            _inForce = new FaultInForce(value);
            past.Changed.TrySetResult();
        }
    }

    /// <summary>
    /// Nobody there, for good: what is sent over open connections is not acknowledged, nothing comes from them, and new ones are not even refused, as where
    /// packets are dropped. What had arrived before stays acknowledged.
    /// </summary>
    public void Vanish()
    {
        _vanished = true; // before the listener: what it had accepted until then comes out of its queue later
        DroppedPackets.On(_listener);
        foreach (var connection in _connections.Keys)
        {
            connection.DropPackets();
        }

        Fault = ProxyFault.Blackhole;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Values);
        _stopping.Dispose();
    }

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptAsync(_stopping.Token);
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            Interlocked.Increment(ref _accepted);
            var connection = new ProxiedConnection(client, () => _inForce, _time);
            _connections[connection] = Task.CompletedTask;
            if (_vanished)
            {
                connection.DropPackets();
            }

            _connections[connection] = RunAsync(connection);
        }
    }

    private async Task RunAsync(ProxiedConnection connection)
    {
        await Task.Yield(); // the entry is there before this ends
        using (connection)
        {
            await connection.RunAsync(_target, _stopping.Token);
        }

        _connections.TryRemove(connection, out _);
    }
}
