using System.Collections.Concurrent;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests;

/// <summary>An attempt's cancellation source goes back to its pool after everything that holds its token, and not before.</summary>
public sealed class PooledEndTests
{
    [Fact]
    public async Task Attempt_WhoseBodyIsStillBeingWritten_KeepsItsTokenFromEveryOther()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var (held, order, tokens) = (new HeldStream(), new ConcurrentQueue<string>(), new ConcurrentQueue<CancellationToken>());
        await using var gateway = await TestGateway.StartAsync(
            Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "first") with { Models = ["one"] }, Setup.OpenAi(provider, "second")),
            replace: services => HookedTransport.Put(services, async (real, to, request, ended) =>
            {
                tokens.Enqueue(ended);
                if (to.Name is "second")
                {
                    order.Enqueue("second attempt");
                    return await real.SendAsync(to, request, ended);
                }

                _ = request.Content!.CopyToAsync(held, ended); // the network stack goes on reading the body when the connection is already lost
                await held.Began;
                throw new IOException("the connection broke");
            }));

        var failingOver = gateway.ChatAsync("one");
        await held.Began;
        Assert.Equal(200, (await gateway.ChatAsync("two")).Status); // meanwhile another request takes a source from the pool
        order.Enqueue("released");
        held.Release();
        Assert.Equal(200, (await failingOver).Status);

        Assert.Equal(["second attempt", "released", "second attempt"], order);
        var (first, other) = (tokens.First(), tokens.ElementAt(1));
        Assert.NotEqual(first, other);
    }

    /// <summary>Takes nothing until it is released.</summary>
    private sealed class HeldStream : MemoryStream
    {
        private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Began => _began.Task;

        public void Release() => _released.SetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _began.TrySetResult();
            await _released.Task;
        }
    }
}
