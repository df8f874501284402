using System.Net.Sockets;

namespace Infermux.Providers.Transport;

/// <summary>
/// Bounds how long a connection waits for the other side's system to acknowledge what was sent. A connection that was open when a provider vanished accepts a
/// request all the same, and by TCP's own patience repeats it for minutes; without this the request waits for the provider's whole <c>timeout</c>.
/// </summary>
/// <remarks>
/// A provider that acknowledges and then thinks is not concerned: nothing is on its way then. On Linux alone; elsewhere <c>timeout</c> stays the bound.
/// </remarks>
public static class DeadPath
{
    private const int Tcp = 6; // IPPROTO_TCP
    private const int UserTimeout = 18; // TCP_USER_TIMEOUT, ms

    /// <summary>Breaks the connection with <see cref="SocketError.TimedOut"/> once bytes have been on their way this long without an acknowledgement.</summary>
    internal static void GiveUpAfter(Socket socket, TimeSpan limit)
    {
        if (OperatingSystem.IsLinux())
        {
            socket.SetRawSocketOption(Tcp, UserTimeout, BitConverter.GetBytes((int)limit.TotalMilliseconds));
        }
    }

    /// <summary>Whether a send ended so.</summary>
    public static bool Ended(Exception broken) => broken.GetBaseException() is SocketException { SocketErrorCode: SocketError.TimedOut };
}
