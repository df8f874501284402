using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Infermux.Core.Configuration;

namespace Infermux.Gateway.Hosting;

/// <summary>
/// Whether Orleans' two ports are free. Orleans itself does not notice: it listens with SO_REUSEPORT, so a second process on the same ports starts, and the
/// system deals their neighbours' connections to both by chance.
/// </summary>
internal static class ClusterPorts
{
    private const int DefaultSiloPort = 11111;
    private const int DefaultGatewayPort = 30000;

    /// <summary>Which is taken, and what to do; null where both are free or the process takes free ones itself.</summary>
    public static string? Problem(ClusterOptions cluster)
    {
        if (cluster.Store != StoreKind.Redis)
        {
            return null;
        }

        (string Key, int Port)[] ports = [("silo_port", cluster.SiloPort ?? DefaultSiloPort), ("gateway_port", cluster.GatewayPort ?? DefaultGatewayPort)];
        return ports.Where(port => IsTaken(port.Port)).Select(port => Mend($"cluster.{port.Key} ({port.Port.ToString(CultureInfo.InvariantCulture)})")).FirstOrDefault();
    }

    /// <summary>The mend for a port that is taken.</summary>
    public static string Mend(string port) =>
        $"{port} is in use by another process. Stop it, or give this one other ports: each process of a cluster on one machine needs its own two.";

    private static bool IsTaken(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Any, port);
            listener.Start();
            return false;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return true;
        }
    }
}
