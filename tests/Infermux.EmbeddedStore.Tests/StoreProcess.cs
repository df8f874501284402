using System.Diagnostics;
using StackExchange.Redis;

namespace Infermux.EmbeddedStore.Tests;

/// <summary>A store in a process of its own, which a test may kill. The process is this test program under another verb.</summary>
internal sealed class StoreProcess : IAsyncDisposable
{
    public const string Verb = "serve-store";
    private const string Ready = "ready";
    private const string Begun = "begun";
    private const string Finished = "finished";
    private readonly Process _process;
    private readonly string _dataDir;

    private StoreProcess(Process process, string dataDir) => (_process, _dataDir) = (process, dataDir);

    /// <summary>From the start of the process to its word that the store listens.</summary>
    public TimeSpan StartTime { get; private set; }

    /// <summary>Read as another tool would: from the file.</summary>
    public string ConnectionString => File.ReadAllText(Path.Combine(_dataDir, EmbeddedStoreServer.ConnectionFileName));

    /// <summary>The other side: runs the store until standard input ends.</summary>
    public static async Task<int> ServeAsync(string dataDir)
    {
        try
        {
            await using var store = await EmbeddedStoreServer.StartAsync(new EmbeddedStoreOptions { DataDir = dataDir });
            Console.WriteLine(Ready);
            while (await Console.In.ReadLineAsync() is not null)
            {
                Console.WriteLine(Begun);
                store.Checkpoint();
                Console.WriteLine(Finished);
            }

            return 0;
        }
        catch (Exception exception) when (exception is DataDirInUseException or EmbeddedStoreException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    /// <summary>Starts a store and waits until it listens; fails with what it said otherwise.</summary>
    public static async Task<StoreProcess> StartAsync(string dataDir)
    {
        var started = TimeProvider.System.GetTimestamp();
        var store = new StoreProcess(Launch(dataDir), dataDir);
        var line = await store._process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        if (!string.Equals(line, Ready, StringComparison.Ordinal))
        {
            Assert.Fail($"the store said '{line}' {await store._process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
        }

        store.StartTime = TimeProvider.System.GetElapsedTime(started);
        return store;
    }

    /// <summary>Starts a store that is expected to refuse; its exit code, what it printed and what it said.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(string dataDir)
    {
        using var process = Launch(dataDir);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output, await error);
    }

    public async Task<ConnectionMultiplexer> ConnectAsync()
    {
        var options = ConfigurationOptions.Parse(ConnectionString);
        options.SyncTimeout = options.AsyncTimeout = 120_000; // figures are taken elsewhere; a slow machine must not fail a durability test
        options.AbortOnConnectFail = true;
        options.AllowAdmin = true;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        return await ConnectionMultiplexer.ConnectAsync(options);
    }

    /// <summary>Asks for a checkpoint; the first task ends when it begins, the second when it has ended, true unless the process died before.</summary>
    public async Task<Task<bool>> CheckpointAsync()
    {
        await _process.StandardInput.WriteLineAsync("checkpoint");
        await _process.StandardInput.FlushAsync();
        await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        return EndAsync();

        async Task<bool> EndAsync() => await _process.StandardOutput.ReadLineAsync() is not null;
    }

    /// <summary>kill -9, and waits until the process is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop; its exit code.</summary>
    public async Task<int> StopAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static Process Launch(string dataDir)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Verb);
        start.ArgumentList.Add(dataDir);
        return Process.Start(start)!;
    }
}
