using Infermux.Core.Configuration;
using Infermux.EmbeddedStore;
using Infermux.Hosting.Clustering;
using StackExchange.Redis;

namespace Infermux.Gateway.CommandLine;

/// <summary>
/// The store that a configuration file names, opened from the command line: Redis, the embedded store of the process that runs on <c>cluster.data_dir</c>, or
/// where none runs that store started for as long as this is open.
/// </summary>
internal sealed class StateStore : IAsyncDisposable
{
    /// <summary>For verbs that read or write everything: a checkpoint of the embedded store may take seconds, and nobody's request waits here.</summary>
    private static readonly TimeSpan LongAnswer = TimeSpan.FromSeconds(30);

    private readonly EmbeddedStoreServer? _server;

    private StateStore(IConnectionMultiplexer connection, EmbeddedStoreServer? server) => (Connection, _server) = (connection, server);

    public IConnectionMultiplexer Connection { get; }

    /// <exception cref="StateException">It cannot be opened; the message says how to mend it.</exception>
    public static async Task<StateStore> OpenAsync(ClusterOptions cluster, StoreUse use, CancellationToken cancellationToken)
    {
        if (use != StoreUse.Shared)
        {
            return await OpenAloneAsync(cluster, use, cancellationToken);
        }

        switch (cluster.Store)
        {
            case StoreKind.Redis:
                return new(await ConnectAsync(cluster.Redis!, "cluster.redis"), server: null);
            case StoreKind.Embedded:
                return await OpenEmbeddedAsync(cluster.DataDir, cancellationToken);
            default:
                throw NothingKept();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static void ThrowUnlessThere(string dataDir)
    {
        if (!Directory.Exists(dataDir))
        {
            throw new StateException($"cluster.data_dir: '{dataDir}' does not exist. Run this where the gateway runs, or name its file with --config.");
        }
    }

    private static StateException NothingKept() =>
        new("cluster.store is memory: its state ends with its process. Name a file whose store is embedded or redis with --config.");

    /// <summary>The same for a verb that copies all of it: an embedded store is refused while a process runs on it.</summary>
    /// <exception cref="StateException">It cannot be opened; the message says how to mend it.</exception>
    private static async Task<StateStore> OpenAloneAsync(ClusterOptions cluster, StoreUse use, CancellationToken cancellationToken)
    {
        if (cluster.Store != StoreKind.Embedded)
        {
            return cluster.Store == StoreKind.Redis ? new(await ConnectAsync(cluster.Redis!, "cluster.redis", LongAnswer), server: null) : throw NothingKept();
        }

        if (use == StoreUse.CopiedFrom)
        {
            ThrowUnlessThere(cluster.DataDir);
        }

        try
        {
            var server = await EmbeddedStoreServer.StartAsync(new EmbeddedStoreOptions { DataDir = cluster.DataDir }, cancellationToken);
            return new(await ConnectAsync(server.ConnectionString, "the embedded store", LongAnswer), server);
        }
        catch (DataDirInUseException)
        {
            throw new StateException($"A process runs on cluster.data_dir '{cluster.DataDir}' and would write meanwhile. Stop it first.");
        }
    }

    private static async Task<StateStore> OpenEmbeddedAsync(string dataDir, CancellationToken cancellationToken)
    {
        ThrowUnlessThere(dataDir);
        try
        {
            var server = await EmbeddedStoreServer.StartAsync(new EmbeddedStoreOptions { DataDir = dataDir }, cancellationToken);
            return new(await ConnectAsync(server.ConnectionString, "the embedded store"), server);
        }
        catch (DataDirInUseException)
        {
            var running = await File.ReadAllTextAsync(Path.Combine(dataDir, EmbeddedStoreServer.ConnectionFileName), cancellationToken);
            return new(await ConnectAsync(running, $"the store of the process on '{dataDir}'"), server: null);
        }
    }

    private static async Task<IConnectionMultiplexer> ConnectAsync(string connectionString, string what, TimeSpan? deadline = null)
    {
        var options = StoreConnection.Options(connectionString);
        options.AsyncTimeout = (int?)deadline?.TotalMilliseconds ?? options.AsyncTimeout;
        var connection = await ConnectionMultiplexer.ConnectAsync(options);
        if (connection.IsConnected)
        {
            return connection;
        }

        await connection.DisposeAsync();
        throw new StateException($"{what} does not answer. Is it running, and are address and password right?");
    }
}
