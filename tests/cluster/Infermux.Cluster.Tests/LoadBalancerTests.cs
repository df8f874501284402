using System.Net.Sockets;
using Infermux.Cluster.Network;

namespace Infermux.Cluster.Tests;

[Collection(OneAtATime.Name)]
public sealed class LoadBalancerTests
{
    [Fact]
    public async Task Connections_GoByTurnsAndPastAPortThatRefuses()
    {
        await using var first = new EchoServer();
        var dead = new EchoServer();
        await using var third = new EchoServer();
        await dead.DisposeAsync();
        await using var balancer = new LoadBalancer([first.Port, dead.Port, third.Port]);

        for (var i = 0; i < 20; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(balancer.Address.Host, balancer.Address.Port, TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync("x"u8.ToArray(), TestContext.Current.CancellationToken);
            Assert.Equal('x', client.GetStream().ReadByte());
        }

        Assert.Equal(20, first.Connections + third.Connections);
        Assert.InRange(first.Connections, 5, 15);
    }
}
