using System.Net;
using System.Net.Sockets;
using System.Text;
using Infermux.Cluster.Network;

namespace Infermux.Cluster.Tests;

[Collection(OneAtATime.Name)]
public sealed class FaultProxyTests : IAsyncLifetime
{
    private readonly EchoServer _server = new();
    private readonly FaultProxy _proxy;

    public FaultProxyTests() => _proxy = new FaultProxy(_server.Port);

    private static CancellationToken Limit => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task NoFault_PassesBothWaysAndBothEnds()
    {
        using var client = await ConnectAsync();
        Assert.Equal("hello", await EchoAsync(client, "hello"));
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("the end", await ReceiveAsync(client, 100));
        Assert.Equal("", await ReceiveAsync(client, 1));
    }

    [Fact]
    public async Task Delay_IsAddedToEachWayAndDoesNotAddUpOverChunks()
    {
        using var client = await ConnectAsync();
        await EchoAsync(client, "warm");
        _proxy.Fault = new ProxyFault { Delay = TimeSpan.FromMilliseconds(200), Direction = ProxyDirection.ToServer };
        var started = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 5; i++)
        {
            await client.SendAsync("x"u8.ToArray(), Limit);
        }

        Assert.Equal("xxxxx", await ReceiveAsync(client, 5));
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds, 195, 900); // five times 200 would be 1,000
    }

    [Fact]
    public async Task Rate_BoundsBytesInASecond()
    {
        using var client = await ConnectAsync();
        _proxy.Fault = new ProxyFault { BytesPerSecond = 20_000, Direction = ProxyDirection.ToClient };
        var started = TimeProvider.System.GetTimestamp();
        Assert.Equal(10_000, (await EchoAsync(client, new string('x', 10_000))).Length);
        Assert.True(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds >= 400, "10,000 bytes at 20,000 a second");
    }

    [Fact]
    public async Task Blackhole_HoldsBackWhatIsOnItsWayAndGivesItAfterHealing()
    {
        using var client = await ConnectAsync();
        await EchoAsync(client, "before");
        _proxy.Fault = ProxyFault.Blackhole;
        await client.SendAsync("held"u8.ToArray(), Limit);
        var answer = ReceiveAsync(client, 4);
        using var newcomer = await ConnectAsync(); // accepted, and silent
        var silent = EchoAsync(newcomer, "new");
        await Task.WhenAny(answer, silent, Task.Delay(300, Limit));
        Assert.False(answer.IsCompleted || silent.IsCompleted, "something passed");

        _proxy.Fault = ProxyFault.None;
        Assert.Equal("held", await answer);
        Assert.Equal("new", await silent);
    }

    [Fact]
    public async Task Vanish_AcknowledgesNothingAndRefusesNobody()
    {
        using var client = await ConnectAsync();
        await EchoAsync(client, "before");
        _proxy.Vanish();
        client.SetRawSocketOption(6, 18, BitConverter.GetBytes(300)); // TCP_USER_TIMEOUT, ms: says when bytes are not acknowledged
        await client.SendAsync("lost"u8.ToArray(), Limit);
        var open = await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(client, 1));
        Assert.Equal(SocketError.TimedOut, open.SocketErrorCode);
        var newcomer = await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(tries: 1));
        Assert.Equal(SocketError.TimedOut, newcomer.SocketErrorCode); // neither let in nor refused
    }

    [Fact]
    public async Task Reset_EndsOpenIdleConnectionsAndNewOnes()
    {
        using var client = await ConnectAsync();
        await EchoAsync(client, "before");
        _proxy.Fault = ProxyFault.Reset;
        var open = await Assert.ThrowsAsync<SocketException>(() => ReceiveAsync(client, 1));
        Assert.Equal(SocketError.ConnectionReset, open.SocketErrorCode);
        using var newcomer = await ConnectAsync();
        await Assert.ThrowsAsync<SocketException>(() => EchoAsync(newcomer, "new"));

        _proxy.Fault = ProxyFault.None;
        using var later = await ConnectAsync();
        Assert.Equal("well", await EchoAsync(later, "well"));
    }

    [Fact]
    public async Task CloseAfterBytes_CutsInTheMiddleOfAnAnswer()
    {
        _proxy.Fault = new ProxyFault { End = ProxyEnd.Close, EndAfter = 3, Direction = ProxyDirection.ToClient };
        using var client = await ConnectAsync();
        await client.SendAsync("hello"u8.ToArray(), Limit);
        Assert.Equal("hel", await ReceiveAsync(client, 5));
        Assert.Equal("", await ReceiveAsync(client, 1));
    }

    [Fact]
    public async Task HalfClose_EndsOneDirectionAndLeavesTheOther()
    {
        _proxy.Fault = new ProxyFault { End = ProxyEnd.HalfClose, EndAfter = 3, Direction = ProxyDirection.ToServer };
        using var client = await ConnectAsync();
        await client.SendAsync("hello"u8.ToArray(), Limit);
        Assert.Equal("helthe end", await ReceiveAsync(client, 10)); // the server saw our end after three bytes, and its answer still came
    }

    private static async Task<string> EchoAsync(Socket client, string text)
    {
        await client.SendAsync(Encoding.ASCII.GetBytes(text), Limit);
        return await ReceiveAsync(client, text.Length);
    }

    /// <summary>So many bytes, or fewer where the connection ends before.</summary>
    private static async Task<string> ReceiveAsync(Socket client, int bytes)
    {
        var buffer = new byte[bytes];
        var read = 0;
        while (read < bytes && await client.ReceiveAsync(buffer.AsMemory(read), Limit) is > 0 and var more)
        {
            read += more;
        }

        return Encoding.ASCII.GetString(buffer, 0, read);
    }

    /// <param name="tries">How often the kernel asks again (<c>TCP_SYNCNT</c>); null: its own measure, minutes.</param>
    private async Task<Socket> ConnectAsync(int? tries = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (tries is { } times)
        {
            socket.SetRawSocketOption(6, 7, BitConverter.GetBytes(times));
        }

        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _proxy.Port), Limit);
        return socket;
    }
}
