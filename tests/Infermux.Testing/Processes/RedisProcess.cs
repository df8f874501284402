using System.Globalization;

namespace Infermux.Testing;

/// <summary>
/// A redis-server of its own on a free port that writes every command to disk before it answers. Fails by name where none is installed. It may be killed
/// and started again on its files.
/// </summary>
public sealed class RedisProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);
    private readonly TemporaryFolder _folder = new();

    private readonly IReadOnlyList<string> _setup;
    private readonly TimeSpan _ahead;

    private RedisProcess(int port, IReadOnlyList<string> setup, TimeSpan ahead)
    {
        (Port, _setup, _ahead) = (port, setup, ahead);
        Process = Launch();
    }

    /// <summary>Where it listens, on loopback; kept over <see cref="RestartAsync"/>.</summary>
    public int Port { get; }

    /// <summary>The process itself.</summary>
    public ChildProcess Process { get; private set; }

    /// <summary>Starts one and returns when it accepts connections.</summary>
    /// <param name="ahead">How far its clock is ahead of the machine's, in whole seconds; such a one needs the package faketime.</param>
    public static Task<RedisProcess> StartAsync(TimeSpan ahead = default) => StartAsync(["--save", "", "--appendonly", "yes", "--appendfsync", "always"], ahead);

    /// <summary>Starts one that is set up by these words of its command line.</summary>
    public static async Task<RedisProcess> StartAsync(IReadOnlyList<string> setup, TimeSpan ahead = default)
    {
        var redis = new RedisProcess(FreePort.Next(), setup, ahead);
        try
        {
            await redis.Process.ReadyAsync(StartLimit);
            return redis;
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    /// <summary>kill -9 where it still runs, and a successor on the same files and port.</summary>
    public async Task RestartAsync()
    {
        await Process.DisposeAsync();
        Process = Launch();
        await Process.ReadyAsync(StartLimit);
    }

    /// <summary>kill -9, and a successor on the same port that has lost everything.</summary>
    public async Task RestartEmptyAsync()
    {
        await Process.DisposeAsync();
        foreach (var kept in Directory.GetDirectories(_folder.Path))
        {
            Directory.Delete(kept, recursive: true);
        }

        Process = Launch();
        await Process.ReadyAsync(StartLimit);
    }

    /// <summary>Kills it and forgets its files.</summary>
    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _folder.Dispose();
    }

    private ChildProcess Launch()
    {
        string[] arguments = ["--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder.Path, "--daemonize", "no", .. _setup];
        const string ready = "Ready to accept connections";
        return _ahead == TimeSpan.Zero
            ? ChildProcess.Start("redis-server", arguments, _folder.Path, ready)
            : ChildProcess.Start("env", [.. FakeClock(), "redis-server", .. arguments], _folder.Path, ready);
    }

    // The C library's malloc goes before jemalloc, which asks for the time before libfaketime knows it.
    private string[] FakeClock()
    {
        var library = Directory.EnumerateDirectories("/usr/lib").Select(folder => Path.Combine(folder, "faketime", "libfaketime.so.1")).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException("libfaketime, which sets the clock of a redis-server, is missing: apt-get install faketime.");
        return [$"LD_PRELOAD={library} libc.so.6", string.Create(CultureInfo.InvariantCulture, $"FAKETIME=+{_ahead.TotalSeconds:0}"), "FAKETIME_DONT_FAKE_MONOTONIC=1"];
    }
}
