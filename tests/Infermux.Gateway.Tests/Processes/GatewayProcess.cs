using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Infermux.Gateway.Tests.Support;

namespace Infermux.Gateway.Tests.Processes;

/// <summary>The built executable, serving in a process of its own that a test may kill.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private const string Listening = "  listening  ";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GatewayProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_error, line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException("The process ended before it listened."));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Asks this process; set once it listens.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>What it has printed so far: banner and log.</summary>
    public string Output => Read(_output);

    /// <summary>What it has said on standard error so far.</summary>
    public string Error => Read(_error);

    /// <summary>Starts a process and waits for the address in its banner.</summary>
    public static Task<GatewayProcess> StartAsync(GatewayFolder folder) => StartAsync(Executable(folder.Path));

    /// <summary>As a stranger's first command: in a folder, with these words, and with nothing in the environment but what a process needs to run.</summary>
    public static Task<GatewayProcess> StartBareAsync(string folder, params string[] args)
    {
        var start = Executable(folder, args);
        foreach (var set in start.Environment.Keys.Where(name => name is not ("PATH" or "HOME" or "TMPDIR" or "DOTNET_ROOT")).ToArray())
        {
            start.Environment.Remove(set);
        }

        return StartAsync(start);
    }

    private static async Task<GatewayProcess> StartAsync(ProcessStartInfo start)
    {
        var gateway = new GatewayProcess(start);
        try
        {
            gateway.Connect(await gateway._address.Task.WaitAsync(StartLimit, TestContext.Current.CancellationToken));
            return gateway;
        }
        catch (Exception failed) when (failed is InvalidOperationException or TimeoutException)
        {
            var said = $"{failed.Message}\n{gateway.Error}\n{gateway.Output}";
            await gateway.DisposeAsync();
            throw new InvalidOperationException(said, failed);
        }
    }

    /// <summary>Starts a process that is expected to refuse; returns when it has ended.</summary>
    public static Task<(int Code, string Error)> RefusedAsync(GatewayFolder folder) => RefusedAsync(folder.Path);

    /// <summary>As above, in any folder and with any words.</summary>
    public static async Task<(int Code, string Error)> RefusedAsync(string folder, params string[] args)
    {
        await using var gateway = new GatewayProcess(Executable(folder, args));
        var code = await gateway.EndedAsync();
        return (code, gateway.Error);
    }

    /// <summary>One chat request of caller <c>alice</c>.</summary>
    public async Task<Answer> ChatAsync(string model, string prompt, bool stream = false, int cap = 20)
    {
        using var request = Chat(model, prompt, stream, cap);
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.ReadAsync(response);
    }

    public static HttpRequestMessage Chat(string model, string prompt, bool stream, int cap = 20)
    {
        var body = new JsonObject
        {
            ["model"] = model,
            ["max_tokens"] = cap,
            ["stream"] = stream,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = prompt }),
        };
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Infermux-Caller", "alice");
        return request;
    }

    public async Task<JsonNode> GetJsonAsync(string path)
    {
        using var response = await Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{path} {response.StatusCode} {body}\n{Output}");
        return JsonNode.Parse(body)!;
    }

    /// <summary>The account of <c>alice</c>.</summary>
    public Task<JsonNode> AccountAsync() => GetJsonAsync("/_infermux/budgets/alice");

    /// <summary>USD that the ledger has for <c>alice</c>; 0 where it has no row.</summary>
    public async Task<decimal> LedgerAsync()
    {
        var callers = (await GetJsonAsync("/_infermux/costs/by-caller"))["callers"]!.AsArray();
        return callers.Where(row => row!["caller"]!.GetValue<string>() == "alice").Sum(row => row!["total_usd"]!.GetValue<decimal>());
    }

    /// <summary>Asks ten times a second until it holds: another process gives no signal to wait for.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, TimeSpan limit, Func<string> what)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < limit, $"Not within {limit.TotalSeconds} s: {what()}");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>kill -9; returns when the process is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Sends SIGTERM and does not wait.</summary>
    public Task TerminateAsync() => SignalAsync("-TERM");

    /// <summary>Sends a signal, named as kill(1) wants it, and does not wait.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Waits for the end; the exit code.</summary>
    public async Task<int> EndedAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(StartLimit, TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        Client?.Dispose();
        _process.Dispose();
    }

    /// <summary>Beside this test program, since the test project references the gateway's; without settings of the environment.</summary>
    private static ProcessStartInfo Executable(string folder, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "infermux.dll"), .. args])
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

        return start;
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

        if (line.StartsWith(Listening, StringComparison.Ordinal))
        {
            _address.TrySetResult(line[Listening.Length..]);
        }
    }

    private void Connect(string address) => Client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1000, UseProxy = false })
    {
        BaseAddress = new Uri(address),
        Timeout = TimeSpan.FromMinutes(1),
    };
}
