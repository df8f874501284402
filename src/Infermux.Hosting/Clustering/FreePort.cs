using System.Net;
using System.Net.Sockets;

namespace Infermux.Hosting.Clustering;

/// <summary>Orleans refuses port 0, so the system is asked for a free one first.</summary>
internal static class FreePort
{
    public static int OnLoopback()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
