using System.Text;
using System.Text.Json.Nodes;

namespace Infermux.Testing;

/// <summary>The built <c>infermux</c>, serving in a process of its own that a test may kill.</summary>
public sealed class GatewayProcess : IAsyncDisposable
{
    private const string Ready = "  listening  ";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    /// <summary>Beside the running program, whose project references the gateway's.</summary>
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "infermux.dll");

    private GatewayProcess(ChildProcess process, string address)
    {
        Process = process;
        Client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1000, UseProxy = false })
        {
            BaseAddress = new Uri(address),
            Timeout = TimeSpan.FromMinutes(1),
        };
    }

    /// <summary>The process itself.</summary>
    public ChildProcess Process { get; }

    /// <summary>Asks this process.</summary>
    public HttpClient Client { get; }

    /// <summary>What it has printed so far: banner and log.</summary>
    public string Output => Process.Output;

    /// <summary>Starts one in a folder with its <c>infermux.yml</c> and waits for the address in its banner.</summary>
    public static Task<GatewayProcess> StartAsync(string folder, params string[] arguments) => StartAsync(Launch(folder, arguments));

    /// <summary>As a stranger's first command: in a folder, with these words, and with nothing in the environment but what a process needs to run.</summary>
    public static Task<GatewayProcess> StartBareAsync(string folder, params string[] arguments) => StartAsync(Launch(folder, arguments, bare: true));

    /// <summary>The same, in a <see cref="GatewayFolder"/>.</summary>
    public static Task<GatewayProcess> StartAsync(GatewayFolder folder) => StartAsync(folder.Path);

    /// <summary>One that lives on where a file may not grow (<c>RLIMIT_FSIZE</c>), as on a full disk: by default the limit's signal ends a process.</summary>
    public static Task<GatewayProcess> StartUnderFileLimitsAsync(GatewayFolder folder) =>
        StartAsync(ChildProcess.Start("bash", ["-c", "trap '' XFSZ; exec dotnet \"$0\"", Program], folder.Path, Ready));

    private static async Task<GatewayProcess> StartAsync(ChildProcess process)
    {
        try
        {
            return new GatewayProcess(process, await process.ReadyAsync(StartLimit));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a process that is expected to refuse; returns when it has ended.</summary>
    public static async Task<(int Code, string Error)> RefusedAsync(string folder, params string[] arguments)
    {
        await using var process = Launch(folder, arguments);
        return (await process.EndedAsync(), process.Error);
    }

    /// <summary>A chat request of caller <c>alice</c>.</summary>
    public static HttpRequestMessage Chat(string model, string prompt, bool stream, int cap = 20, string caller = "alice")
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
        request.Headers.Add("X-Infermux-Caller", caller);
        return request;
    }

    /// <summary>What a path of the management API answers.</summary>
    /// <exception cref="HttpRequestException">It did not answer with success; the message has its words and this process's log.</exception>
    public async Task<JsonNode> GetJsonAsync(string path)
    {
        using var response = await Client.GetAsync(new Uri(path, UriKind.Relative));
        var body = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(body)!
            : throw new HttpRequestException($"{path} {response.StatusCode} {body}\n{Output}", null, response.StatusCode);
    }

    /// <summary>The account of a caller.</summary>
    public Task<JsonNode> AccountAsync(string caller = "alice") => GetJsonAsync($"/_infermux/budgets/{caller}");

    /// <summary>USD that the ledger has for a caller; 0 where it has no row.</summary>
    public async Task<decimal> LedgerAsync(string caller = "alice")
    {
        var callers = (await GetJsonAsync("/_infermux/costs/by-caller"))["callers"]!.AsArray();
        return callers.Where(row => row!["caller"]!.GetValue<string>() == caller).Sum(row => row!["total_usd"]!.GetValue<decimal>());
    }

    /// <summary>kill -9; returns when the process is gone.</summary>
    public Task KillAsync() => Process.KillAsync();

    /// <summary>Sends SIGTERM and does not wait.</summary>
    public Task TerminateAsync() => Process.TerminateAsync();

    /// <summary>Waits for the end; the exit code.</summary>
    public Task<int> EndedAsync() => Process.EndedAsync();

    /// <summary>Kills it where it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        Client.Dispose();
    }

    private static ChildProcess Launch(string folder, string[] arguments, bool bare = false) => ChildProcess.Start("dotnet", [Program, .. arguments], folder, Ready, bare);
}
