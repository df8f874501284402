using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Garnet;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Infermux.EmbeddedStore;

/// <summary>
/// A Redis-compatible store inside this process: what it acknowledged is under <c>data_dir</c> before the answer leaves, and is there again after
/// kill -9. Listens on a loopback port of the system's choice, behind a password made at each start.
/// </summary>
public sealed class EmbeddedStoreServer : IAsyncDisposable
{
    /// <summary>Name, under <c>data_dir</c>, of the 0600 file that holds the connection string while the store runs.</summary>
    public const string ConnectionFileName = "store.connection";

    private const int PortAttempts = 5;
    private readonly DataDirLock _lock;
    private readonly GatedGarnet _server;
    private readonly CheckpointLoop _checkpoints;
    private int _disposed;

    private EmbeddedStoreServer(DataDirLock dataDirLock, GatedGarnet server, ILogger log, int port, string password)
    {
        _checkpoints = new CheckpointLoop(server, log);
        (_lock, _server, Port) = (dataDirLock, server, port);
        ConnectionString = $"127.0.0.1:{port},password={password}";
    }

    /// <summary>The loopback port it listens on.</summary>
    public int Port { get; }

    /// <summary>In the form of StackExchange.Redis; holds the password, so it is a secret.</summary>
    public string ConnectionString { get; }

    /// <summary>Why it writes nothing more until it is started again, such as a full disk; null while it writes.</summary>
    public string? WriteFailure => _server.WriteFailure;

    /// <summary>Locks the directory, reads back what an earlier process wrote there, and listens.</summary>
    /// <exception cref="DataDirInUseException">Another process has the directory.</exception>
    /// <remarks>
    /// Not quite Redis (measured, see <see cref="GarnetArguments"/>): MULTI is refused; a script is atomic towards other commands of its own connection only; and
    /// after kill -9 it may have happened in part, command by command. One HSET of many fields of one key is all or nothing.
    /// </remarks>
    /// <exception cref="EmbeddedStoreException">What is in the directory cannot be read back, or no port is free.</exception>
    public static async Task<EmbeddedStoreServer> StartAsync(EmbeddedStoreOptions options, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var dataDirLock = DataDirLock.Acquire(options.DataDir);
        try
        {
            // Garnet recovers on the calling thread, and takes seconds where there is much to read.
            return await Task.Run(() => Start(dataDirLock, options.LoggerFactory), cancellationToken);
        }
        catch
        {
            dataDirLock.Dispose();
            throw;
        }
    }

    /// <summary>Stops listening, lets commands under way end, closes the files and gives the directory back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        try
        {
            await _checkpoints.DisposeAsync();
            await Task.Run(_server.Dispose);
            File.Delete(Path.Combine(_lock.DataDir, ConnectionFileName));
        }
        finally
        {
            _lock.Dispose();
        }
    }

    /// <summary>Takes a checkpoint now; for tests, which cannot wait for a long file.</summary>
    internal void Checkpoint() => _server.Checkpoint();

    private static EmbeddedStoreServer Start(DataDirLock dataDirLock, ILoggerFactory? loggerFactory)
    {
        var log = new GarnetLog((loggerFactory ?? NullLoggerFactory.Instance).CreateLogger("Infermux.EmbeddedStore"));
        var storeDir = Path.Combine(dataDirLock.DataDir, "store");
        PrivateFiles.CreateDirectory(storeDir);
        var password = RandomNumberGenerator.GetHexString(48, lowercase: true);
        PrivateFiles.Write(GarnetArguments.AclFile(storeDir), GarnetArguments.Acl(password));
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort();
            try
            {
                var server = Listen(GarnetArguments.For(storeDir, port), log);
                var started = new EmbeddedStoreServer(dataDirLock, server, log, port, password);
                PrivateFiles.Write(Path.Combine(dataDirLock.DataDir, ConnectionFileName), started.ConnectionString);
                return started;
            }
            catch (SocketException) when (attempt < PortAttempts)
            {
                // Another process took the port between our looking and Garnet's binding.
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                throw new EmbeddedStoreException(
                    $"The embedded store cannot start on '{storeDir}': {exception.Message} " +
                    "Nothing there was changed. Restore the directory from a copy, or start on another cluster.data_dir.", exception);
            }
        }
    }

    private static GatedGarnet Listen(string[] arguments, GarnetLog log)
    {
        var listeners = Trace.Listeners.Cast<TraceListener>().ToArray();
        GatedGarnet server;
        try
        {
            server = new GatedGarnet(arguments, log);
        }
        finally
        {
            DropAdded(listeners);
        }

        try
        {
            server.Start();
            RecoveryCheck.ThrowIfIncomplete(server);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Garnet's constructor sends the whole process's trace output to the console; this takes that back.</summary>
    private static void DropAdded(TraceListener[] before)
    {
        foreach (var added in Trace.Listeners.Cast<TraceListener>().Except(before).ToArray())
        {
            Trace.Listeners.Remove(added);
        }
    }

    /// <summary>A port nobody listens on now. Garnet takes no port 0, so it has to be known before.</summary>
    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
