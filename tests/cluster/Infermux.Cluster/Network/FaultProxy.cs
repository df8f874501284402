using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Infermux.Cluster.Network;

/// <summary>
/// Stands before a TCP port (Redis, a provider) and misbehaves on request. What passes is not understood, only delayed, slowed, held back or cut.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private Socket _listener = NewSocket();
    private readonly List<Socket> _waiting = [];
    private readonly ConcurrentDictionary<ProxiedConnection, Task> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly IPEndPoint _target;
    private readonly TimeProvider _time;
    private Task _accepting;
    private volatile FaultInForce _inForce = new(ProxyFault.None);
    private long _accepted;

    public FaultProxy(int targetPort, int port = 0, TimeProvider? time = null)
    {
        (_target, _time) = (new IPEndPoint(IPAddress.Loopback, targetPort), time ?? TimeProvider.System);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(512);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync(_listener);
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
    /// Nobody there: open connections fall silent, and new ones are not even refused, as where packets are dropped. Connections that the system finishes by
    /// itself fill its queue first.
    /// </summary>
    public async Task VanishAsync()
    {
        Fault = ProxyFault.Blackhole;
        _listener.Dispose();
        await _accepting;
        _listener = NewSocket();
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        _listener.Listen(0);
        _accepting = Task.CompletedTask;
        while (_waiting.Count < 8)
        {
            var filler = NewSocket();
            _waiting.Add(filler);
            using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(200), _time);
            try
            {
                await filler.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Port), limit.Token);
            }
            catch (OperationCanceledException)
            {
                return; // the queue is full
            }
        }

        throw new InvalidOperationException("The system still accepts connections for a port that nobody serves.");
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _waiting.ForEach(socket => socket.Dispose());
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Values);
        _stopping.Dispose();
    }

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync(_stopping.Token);
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            Interlocked.Increment(ref _accepted);
            var connection = new ProxiedConnection(client, () => _inForce, _time);
            _connections[connection] = Task.CompletedTask;
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
