using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Infermux.Testing;

/// <summary>
/// Ports for servers that a test starts, kills and starts again. Below the range from which the system takes a connection's own port: one from that range
/// may be gone to any connection between two lives of a server.
/// </summary>
public static class FreePort
{
    private const int First = 12_000;
    private const int Last = 29_999;
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>A port that nobody listens on now and that this process has not been given before.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last + 1);
            if (IsFree(port) && Given.TryAdd(port, true))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Any, port); // Orleans listens on every address
            listener.Start();
            return true;
        }
        catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}
