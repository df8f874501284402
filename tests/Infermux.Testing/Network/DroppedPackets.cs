using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Infermux.Testing;

/// <summary>
/// Makes a socket's own system drop what arrives for it, before TCP sees it: nothing is acknowledged and a new connection not even refused, as behind a dead
/// cable. A filter of the kernel that keeps no byte; it needs no privilege, and Linux.
/// </summary>
public static class DroppedPackets
{
    private const int SolSocket = 1;
    private const int AttachFilter = 26; // SO_ATTACH_FILTER
    private const ushort Return = 0x06; // BPF_RET | BPF_K

    /// <summary>From now on, and for good. Of a listener: what connects to it; connections that it accepted before are not concerned.</summary>
    /// <exception cref="PlatformNotSupportedException">Not on Linux.</exception>
    public static void On(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Dropping packets needs Linux: run this test there.");
        }

        var keepNothing = Marshal.AllocHGlobal(8); // struct sock_filter { u16 code; u8 jt, jf; u32 k; }
        try
        {
            Marshal.WriteInt64(keepNothing, Return);
            Span<byte> program = stackalloc byte[16]; // struct sock_fprog { u16 len; struct sock_filter *filter; }
            program.Clear();
            BinaryPrimitives.WriteUInt16LittleEndian(program, 1);
            BinaryPrimitives.WriteInt64LittleEndian(program[8..], keepNothing);
            socket.SetRawSocketOption(SolSocket, AttachFilter, program);
        }
        finally
        {
            Marshal.FreeHGlobal(keepNothing); // the kernel has copied it
        }
    }
}
