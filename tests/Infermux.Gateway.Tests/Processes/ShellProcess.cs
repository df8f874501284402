using System.Collections.Concurrent;
using System.Diagnostics;

namespace Infermux.Gateway.Tests.Processes;

/// <summary>A command line as a person types it, in a folder. One that stays is ended with the test.</summary>
internal sealed class ShellProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _said = new();

    private ShellProcess(string folder, string command)
    {
        var start = new ProcessStartInfo("sh", ["-c", command])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var set in start.Environment.Keys.Where(name => name.StartsWith("INFERMUX_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(set);
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
    }

    /// <summary>Runs a command to its end; what it printed. It must succeed.</summary>
    public static async Task<string> RunAsync(string folder, string command)
    {
        await using var shell = new ShellProcess(folder, command);
        shell._process.Start();
        var output = shell._process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = shell._process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell._process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.True(shell._process.ExitCode == 0, $"{command}\n{await output}\n{await error}");
        return await output;
    }

    /// <summary>Starts a command that stays, and waits until it prints <paramref name="ready"/>.</summary>
    public static async Task<ShellProcess> StartAsync(string folder, string command, string ready)
    {
        var shell = new ShellProcess(folder, command);
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        shell._process.OutputDataReceived += (_, line) => Hear(line.Data);
        shell._process.ErrorDataReceived += (_, line) => Hear(line.Data);
        shell._process.Exited += (_, _) => heard.TrySetException(new InvalidOperationException($"It ended before it said '{ready}': {command}"));
        shell._process.Start();
        shell._process.BeginOutputReadLine();
        shell._process.BeginErrorReadLine();
        try
        {
            await heard.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
            return shell;
        }
        catch (Exception failed) when (failed is InvalidOperationException or TimeoutException)
        {
            await shell.DisposeAsync();
            throw new InvalidOperationException($"{failed.Message}\n{string.Join('\n', shell._said)}", failed);
        }

        void Hear(string? line)
        {
            shell._said.Enqueue(line ?? "");
            if (line?.Contains(ready, StringComparison.Ordinal) is true) { heard.TrySetResult(); }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }
}
