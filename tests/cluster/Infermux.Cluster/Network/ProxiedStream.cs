using System.Net.Sockets;
using System.Threading.Channels;

namespace Infermux.Cluster.Network;

/// <summary>
/// One direction of a connection. Reading and writing are apart, with what is on its way between them, so that a delay does not slow what it delays.
/// </summary>
internal sealed class ProxiedStream(Socket from, Socket to, ProxyDirection direction, ProxiedConnection connection, TimeProvider time)
{
    private const int Largest = 16 * 1024;

    /// <summary>Chunks on their way; a full way is felt by the sender, as a full socket buffer is.</summary>
    private const int OnTheWay = 256;

    private readonly Channel<(long ReadAt, byte[] Bytes)> _way = Channel.CreateBounded<(long, byte[])>(OnTheWay);
    private FaultInForce? _counted;
    private long _passed;

    public async Task RunAsync(CancellationToken ending)
    {
        await Task.WhenAll(ReadAsync(ending), WriteAsync(ending));
    }

    private async Task ReadAsync(CancellationToken ending)
    {
        var buffer = new byte[Largest];
        try
        {
            while (await from.ReceiveAsync(buffer, ending) is > 0 and var read)
            {
                await _way.Writer.WriteAsync((time.GetTimestamp(), buffer[..read]), ending);
            }

            _way.Writer.TryComplete();
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            _way.Writer.TryComplete();
            connection.End(reset: gone is SocketException);
        }
    }

    private async Task WriteAsync(CancellationToken ending)
    {
        try
        {
            var more = _way.Reader.WaitToReadAsync(ending).AsTask();
            while (true)
            {
                var inForce = await FreeAsync(ending);
                if (!more.IsCompleted)
                {
                    await Task.WhenAny(more, inForce.Changed.Task); // a fault must end an idle connection too
                    continue;
                }

                if (!await more)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                if (_way.Reader.TryRead(out var chunk) && !await PassAsync(chunk.ReadAt, chunk.Bytes, inForce.Fault, ending))
                {
                    return;
                }

                more = _way.Reader.WaitToReadAsync(ending).AsTask();
            }
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            connection.End(reset: gone is SocketException);
        }
    }

    /// <summary>Waits out a stall; the fault that is in force then, with the count of what passed under it begun.</summary>
    private async Task<FaultInForce> FreeAsync(CancellationToken ending)
    {
        while (true)
        {
            var inForce = connection.InForce;
            if (!ReferenceEquals(inForce, _counted))
            {
                (_counted, _passed) = (inForce, 0);
            }

            var fault = inForce.Fault;
            if (!fault.Concerns(direction))
            {
                return inForce;
            }

            if (fault.End is ProxyEnd.Close or ProxyEnd.Reset && fault.EndAfter <= _passed)
            {
                connection.End(fault.End == ProxyEnd.Reset);
                throw new OperationCanceledException("The fault ended this connection.");
            }

            if (!fault.Stalled)
            {
                return inForce;
            }

            await inForce.Changed.Task.WaitAsync(ending);
        }
    }

    /// <summary>False when this direction is at its end.</summary>
    private async Task<bool> PassAsync(long readAt, byte[] bytes, ProxyFault fault, CancellationToken ending)
    {
        if (!fault.Concerns(direction))
        {
            await SendAsync(bytes, ending);
            return true;
        }

        if (fault.Delay - time.GetElapsedTime(readAt) is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left, time, ending);
        }

        var passes = fault.End == ProxyEnd.None ? bytes.Length : (int)Math.Min(bytes.Length, fault.EndAfter - _passed);
        await SendSlowlyAsync(bytes.AsMemory(0, passes), fault.BytesPerSecond, ending);
        if (passes == bytes.Length && (fault.End == ProxyEnd.None || _passed < fault.EndAfter))
        {
            return true;
        }

        if (fault.End == ProxyEnd.HalfClose)
        {
            to.Shutdown(SocketShutdown.Send);
        }
        else
        {
            connection.End(fault.End == ProxyEnd.Reset);
        }

        return false;
    }

    private async Task SendSlowlyAsync(ReadOnlyMemory<byte> bytes, int? rate, CancellationToken ending)
    {
        if (rate is not { } bytesPerSecond)
        {
            await SendAsync(bytes, ending);
            return;
        }

        var piece = Math.Max(1, bytesPerSecond / 20);
        for (var at = 0; at < bytes.Length; at += piece)
        {
            var next = bytes.Slice(at, Math.Min(piece, bytes.Length - at));
            await SendAsync(next, ending);
            await Task.Delay(TimeSpan.FromSeconds((double)next.Length / bytesPerSecond), time, ending);
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ending)
    {
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += await to.SendAsync(bytes[sent..], ending);
        }

        _passed += bytes.Length;
    }
}
