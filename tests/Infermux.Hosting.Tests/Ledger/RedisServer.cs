using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Infermux.Hosting.Tests.Ledger;

/// <summary>A redis-server of its own on a free port, without persistence. Fails by name where none is installed.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly Process _process;

    private RedisServer(Process process, IConnectionMultiplexer connection) => (_process, Connection) = (process, connection);

    public IConnectionMultiplexer Connection { get; }

    public static async Task<RedisServer> StartAsync()
    {
        var port = FreePort();
        var arguments = $"--port {port} --bind 127.0.0.1 --save \"\" --appendonly no --daemonize no";
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo("redis-server", arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new InvalidOperationException("These tests need redis-server on the PATH (Debian: apt-get install redis-server).", missing);
        }

        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
                _ = process.StandardOutput.ReadToEndAsync(); // a full pipe would stop it
                var options = new ConfigurationOptions { EndPoints = { { IPAddress.Loopback, port } }, SyncTimeout = 1000, AsyncTimeout = 1000 };
                return new RedisServer(process, await ConnectionMultiplexer.ConnectAsync(options));
            }
        }

        throw new InvalidOperationException($"redis-server ended with {process.ExitCode} before it was ready.");
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
