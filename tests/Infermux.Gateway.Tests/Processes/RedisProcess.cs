using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Infermux.Gateway.Tests.Money;

namespace Infermux.Gateway.Tests.Processes;

/// <summary>A redis-server of its own on a free port that writes every command to disk before it answers. Fails by name where none is installed.</summary>
internal sealed class RedisProcess : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    private RedisProcess(int port)
    {
        Port = port;
        string[] arguments =
        [
            "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder.Path, "--save", "",
            "--appendonly", "yes", "--appendfsync", "always", "--daemonize", "no",
        ];
        try
        {
            _process = Process.Start(new ProcessStartInfo("redis-server", arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        }
        catch (Win32Exception missing)
        {
            _folder.Dispose();
            throw new InvalidOperationException("This test needs redis-server on the PATH (Debian: apt-get install redis-server).", missing);
        }
    }

    public int Port { get; }

    public static async Task<RedisProcess> StartAsync()
    {
        var redis = new RedisProcess(GatewayFolder.FreePort());
        while (await redis._process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            if (line.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
                _ = redis._process.StandardOutput.ReadToEndAsync(CancellationToken.None); // a full pipe would stop it
                return redis;
            }
        }

        redis.Dispose();
        throw new InvalidOperationException("redis-server ended before it was ready.");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _folder.Dispose();
    }
}
