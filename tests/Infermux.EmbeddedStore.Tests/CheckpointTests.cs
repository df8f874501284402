using StackExchange.Redis;

namespace Infermux.EmbeddedStore.Tests;

/// <summary>A checkpoint stops every command, so it must not need what stopped commands hold: they block threads of the pool that writes it.</summary>
public sealed class CheckpointTests(ITestOutputHelper output)
{
    /// <summary>More connections with a command each than the pool has threads at the start.</summary>
    private static readonly int Connections = 12 * Environment.ProcessorCount;

    [Fact]
    public async Task Checkpoint_WithMoreCommandsWaitingThanThePoolHasThreads_EndsSoonAndTheyGoOn()
    {
        using var directory = new DataDirectory();
        await using var store = await EmbeddedStoreServer.StartAsync(new EmbeddedStoreOptions { DataDir = directory.Path }, TestContext.Current.CancellationToken);
        var clients = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => ConnectionMultiplexer.ConnectAsync(store.ConnectionString)));
        using var over = new CancellationTokenSource();
        var writers = clients.Select((client, at) => WriteUntilAsync(client.GetDatabase(), at, over.Token)).ToList();

        var took = TimeSpan.Zero;
        for (var repeat = 0; repeat < 5; repeat++)
        {
            var from = TimeProvider.System.GetTimestamp();
            await Task.Factory.StartNew(store.Checkpoint, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            var one = TimeProvider.System.GetElapsedTime(from);
            took = one > took ? one : took;
        }

        await over.CancelAsync();
        var written = await Task.WhenAll(writers); // none of them failed, so none waited for the client's 5 s
        output.WriteLine($"{Connections} connections, {written.Sum()} writes, longest of five checkpoints {took.TotalMilliseconds:F0} ms");
        Assert.All(written, count => Assert.NotEqual(0, count));
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    private static async Task<int> WriteUntilAsync(IDatabase redis, int at, CancellationToken over)
    {
        var count = 0;
        while (!over.IsCancellationRequested)
        {
            await redis.HashSetAsync($"key{at}", [new HashEntry("count", ++count)]);
        }

        return count;
    }
}
