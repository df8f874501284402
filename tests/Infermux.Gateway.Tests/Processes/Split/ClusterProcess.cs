using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json.Nodes;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes.Split;

/// <summary>One process of a cluster, silo or gateway, that a test may freeze and kill. It answers probes before it is ready, so its start is not waited for.</summary>
internal sealed class ClusterProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ClusterProcess(string program, string folder, int port, string[] arguments, string? clock)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, program), .. arguments])
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

        start.Environment["INFERMUX_DEBUG_CLOCK_OFFSET"] = clock;

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}"),
            Timeout = TimeSpan.FromSeconds(20),
        };
    }

    public HttpClient Client { get; }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public bool HasExited => _process.HasExited;

    /// <param name="folder">Where its file is.</param>
    /// <param name="managementPort">Its only listener.</param>
    /// <param name="clock">How far its clock is off; null: not at all.</param>
    public static ClusterProcess Silo(string folder, int managementPort, string? clock = null) =>
        new("infermux-silo.dll", folder, managementPort, ["--management-listen", $"127.0.0.1:{managementPort}"], clock);

    public static ClusterProcess Gateway(string folder, int port, string role = "gateway", string? clock = null) =>
        new("infermux.dll", folder, port, ["serve", "--role", role, "--listen", $"127.0.0.1:{port}"], clock);

    /// <summary>The status of a path, 0 while nothing listens.</summary>
    public async Task<int> StatusAsync(string path)
    {
        try
        {
            using var response = await Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            return (int)response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    public async Task<TimeSpan> ReadyAsync(TimeSpan? limit = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        await Eventually.HoldsAsync(
            async () => await StatusAsync("/readyz") == 200, limit ?? TimeSpan.FromSeconds(60), () => $"ready; exited: {HasExited}\n{Output}");
        return TimeProvider.System.GetElapsedTime(started);
    }

    public async Task<(int Status, string Body)> ChatAsync(bool stream = false, string caller = "alice")
    {
        using var request = GatewayProcess.Chat("gpt-4o-mini", "hello", stream, caller: caller);
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async Task<JsonNode> GetJsonAsync(string path)
    {
        using var response = await Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{path} {response.StatusCode} {body}\n{Output}");
        return JsonNode.Parse(body)!;
    }

    public async Task SendAsync(HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json") };
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{path} {response.StatusCode}\n{Output}");
    }

    /// <summary>Follows events once they flow; the inner task ends with so many budget alerts.</summary>
    public async Task<Task<string[]>> FollowAlertsAsync(int count)
    {
        var response = await Client.GetAsync(
            new Uri("/_infermux/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return ReadAsync();

        async Task<string[]> ReadAsync()
        {
            using (response)
            {
                await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
                return await SseParser.Create(body).EnumerateAsync(TestContext.Current.CancellationToken)
                    .Where(happened => happened.EventType == "budget_alert")
                    .Select(happened => JsonNode.Parse(happened.Data)!)
                    .Select(alert => $"{alert["account"]} {alert["share"]!.GetValue<decimal>().ToString("0.##", CultureInfo.InvariantCulture)}")
                    .Take(count)
                    .ToArrayAsync(TestContext.Current.CancellationToken);
            }
        }
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Sends a signal by name; does not wait for what it does.</summary>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(CancellationToken.None);
    }

    public async Task<int> EndedAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        Client.Dispose();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
