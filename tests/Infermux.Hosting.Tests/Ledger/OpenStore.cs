using Infermux.EmbeddedStore;
using Infermux.Hosting.Clustering;
using StackExchange.Redis;

namespace Infermux.Hosting.Tests.Ledger;

/// <summary>An empty store of either kind, and a connection to it.</summary>
internal sealed class OpenStore(IConnectionMultiplexer connection, IAsyncDisposable server, string? directory) : IAsyncDisposable
{
    public IConnectionMultiplexer Connection { get; } = connection;

    public static async Task<OpenStore> StartAsync(bool embedded)
    {
        if (!embedded)
        {
            var redis = await RedisServer.StartAsync();
            return new(redis.Connection, redis, null);
        }

        var directory = Directory.CreateTempSubdirectory("infermux-store-").FullName;
        var server = await EmbeddedStoreServer.StartAsync(new EmbeddedStoreOptions { DataDir = directory });
        var options = StoreConnection.Options(server.ConnectionString);
        options.AsyncTimeout = 30_000; // a checkpoint holds commands up
        return new(await ConnectionMultiplexer.ConnectAsync(options), server, directory);
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await server.DisposeAsync();
        if (directory is not null)
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
