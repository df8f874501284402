using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Infermux.Testing;

/// <summary>A program in a process of its own that a test may kill, freeze and end. What it prints is kept.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);
    private static readonly string[] Needed = ["PATH", "HOME", "TMPDIR", "DOTNET_ROOT"];

    private readonly Process _process;
    private readonly string _prefix;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(ProcessStartInfo start, string prefix)
    {
        _prefix = prefix;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_error, line.Data);
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException("The process ended before it was ready."));
        _process.Start();
        Id = _process.Id;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Its number in the system.</summary>
    public int Id { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>What it has printed so far.</summary>
    public string Output => Read(_output);

    /// <summary>What it has said on standard error so far.</summary>
    public string Error => Read(_error);

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">One each.</param>
    /// <param name="folder">Its working directory.</param>
    /// <param name="ready">How the line begins, or what is in it, that it prints once it is ready.</param>
    /// <param name="bare">With nothing in the environment but what a process needs to run.</param>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, string folder, string ready, bool bare = false)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var set in start.Environment.Keys.Where(name => bare ? !Needed.Contains(name) : name.StartsWith("INFERMUX_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(set); // a setting of whoever runs the tests is none of the test's
        }

        try
        {
            return new ChildProcess(start, ready);
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException($"This test needs {program} on the PATH (Debian: apt-get install {program}).", missing);
        }
    }

    /// <summary>Waits until it is ready; what follows the expected words on that line.</summary>
    /// <exception cref="InvalidOperationException">It ended, or was not ready in time; the message has what it said.</exception>
    public async Task<string> ReadyAsync(TimeSpan limit)
    {
        try
        {
            return await _ready.Task.WaitAsync(limit);
        }
        catch (Exception failed) when (failed is InvalidOperationException or TimeoutException)
        {
            throw new InvalidOperationException($"{failed.Message}\n{Error}\n{Output}", failed);
        }
    }

    /// <summary>kill -9; returns when the process is gone.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
    }

    /// <summary>Sends SIGTERM and does not wait.</summary>
    public Task TerminateAsync() => SignalAsync("TERM");

    /// <summary>Sends SIGINT, as Ctrl-C does, and does not wait.</summary>
    public Task InterruptAsync() => SignalAsync("INT");

    /// <summary>Sends SIGSTOP: it keeps its connections and says nothing any more.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>Sends SIGCONT.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>Waits for the end; the exit code.</summary>
    public async Task<int> EndedAsync(TimeSpan? limit = null)
    {
        await _process.WaitForExitAsync().WaitAsync(limit ?? EndLimit);
        return _process.ExitCode;
    }

    /// <summary>Kills it where it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        if (kill.ExitCode != 0)
        {
            throw new InvalidOperationException($"Process {Id} could not be sent SIG{signal}; it has ended: {HasEnded}.");
        }
    }

    private static string Read(StringBuilder lines)
    {
        lock (lines)
        {
            return lines.ToString();
        }
    }

    private void Keep(StringBuilder lines, string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (lines)
        {
            lines.AppendLine(line);
        }

        if (line.IndexOf(_prefix, StringComparison.Ordinal) is >= 0 and var at)
        {
            _ready.TrySetResult(line[(at + _prefix.Length)..]);
        }
    }
}
