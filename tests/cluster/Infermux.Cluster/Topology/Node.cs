using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Infermux.Cluster.Audit;
using Infermux.Testing;

namespace Infermux.Cluster.Topology;

/// <summary>A place in the cluster: its folder and ports stay, its process may die and have successors.</summary>
internal sealed class Node : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(90);

    private readonly List<ChildProcess> _lives = [];
    private readonly List<Death> _deaths = [];
    private readonly string _folder;

    public Node(string name, NodeKind kind, string folder, Func<Node, string> file)
    {
        (Name, Kind, _folder) = (name, kind, folder);
        (ListenPort, SiloPort, GatewayPort) = (FreePort.Next(), FreePort.Next(), FreePort.Next());
        Directory.CreateDirectory(folder);
        Configuration = file(this);
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(10) };
    }

    public string Name { get; }

    public NodeKind Kind { get; }

    /// <summary>HTTP: for callers where its kind serves, else for those who watch it.</summary>
    public int ListenPort { get; }

    public int SiloPort { get; }

    public int GatewayPort { get; }

    public string DataDir => Path.Combine(_folder, "data");

    /// <summary>Its <c>infermux.yml</c>. A new one takes the place of the old at once, as a mounted ConfigMap's does.</summary>
    public string Configuration
    {
        get => File.ReadAllText(Path.Combine(_folder, "infermux.yml"));
        set
        {
            File.WriteAllText(Path.Combine(_folder, "infermux.new"), value);
            File.Move(Path.Combine(_folder, "infermux.new"), Path.Combine(_folder, "infermux.yml"), overwrite: true);
        }
    }

    /// <summary>How far its processes' clock is ahead of the machine's, whole seconds.</summary>
    public TimeSpan ClockAhead { get; init; }

    public Uri Address => new($"http://127.0.0.1:{ListenPort}");

    /// <summary>Asks this node, past the balancer.</summary>
    public HttpClient Client { get; }

    /// <summary>The process of now, or the one that was last.</summary>
    public ChildProcess Process => _lives[^1];

    /// <summary>Those of its processes that the harness ended.</summary>
    public IReadOnlyList<Death> Deaths => _deaths;

    /// <summary>What each life printed, oldest first.</summary>
    public IEnumerable<(string Name, string Text)> Logs => _lives.Select((life, n) => (
        string.Create(CultureInfo.InvariantCulture, $"{Name}.{n + 1}.pid{life.Id}"),
        $"{life.Output}{(life.Error.Length > 0 ? $"--- standard error\n{life.Error}" : "")}"));

    /// <summary>Starts its first process, or a successor; returns when it says that it is ready.</summary>
    public async Task StartAsync()
    {
        _lives.Add((ClockAhead == TimeSpan.Zero ? Kind : Kind with { Environment = [.. Kind.Environment, Clock] }).Launch(_folder));
        await Process.ReadyAsync(StartLimit);
    }

    /// <summary>kill -9; returns when the process is gone.</summary>
    public async Task KillAsync()
    {
        var at = TimeProvider.System.GetUtcNow();
        await Process.KillAsync();
        _deaths.Add(new Death(at, Kind.Serves, Told: false) { Gone = TimeProvider.System.GetUtcNow() });
    }

    /// <summary>SIGSTOP: it keeps its connections and says nothing any more.</summary>
    public Task FreezeAsync() => Process.FreezeAsync();

    /// <summary>SIGCONT.</summary>
    public Task ThawAsync() => Process.ThawAsync();

    /// <summary>SIGTERM; the exit code, and how long its end took.</summary>
    public async Task<(int Code, TimeSpan Took)> TerminateAsync()
    {
        _deaths.Add(new Death(TimeProvider.System.GetUtcNow(), Kind.Serves, Told: true));
        var told = TimeProvider.System.GetTimestamp();
        await Process.TerminateAsync();
        return (await Process.EndedAsync(EndLimit), TimeProvider.System.GetElapsedTime(told));
    }

    /// <summary>The status of a path; 0 where nobody answers.</summary>
    public async Task<int> StatusAsync(string path)
    {
        try
        {
            using var response = await Client.GetAsync(new Uri(path, UriKind.Relative));
            return (int)response.StatusCode;
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException)
        {
            return 0;
        }
    }

    /// <summary>The sum of a metric over those of its rows that have this label; 0 where it has none yet.</summary>
    public async Task<double> MetricAsync(string metric, string label)
    {
        var text = await Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return text.Split('\n').Where(line => line.StartsWith($"{metric}{{", StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.IndexOf("} ", StringComparison.Ordinal) + 2)..].Split(' ')[0], CultureInfo.InvariantCulture));
    }

    /// <summary>What a path of its management API answers.</summary>
    /// <exception cref="HttpRequestException">It did not answer, or not with success; the message has its words.</exception>
    public async Task<JsonNode> GetJsonAsync(string path)
    {
        using var response = await Client.GetAsync(new Uri(path, UriKind.Relative));
        var body = await response.Content.ReadAsStringAsync();
        return response.StatusCode == HttpStatusCode.OK
            ? JsonNode.Parse(body)!
            : throw new HttpRequestException($"{Name} {path} {response.StatusCode} {body}", null, response.StatusCode);
    }

    private string Clock => string.Create(CultureInfo.InvariantCulture, $"INFERMUX_DEBUG_CLOCK_OFFSET={ClockAhead.TotalSeconds:0}s");

    public async ValueTask DisposeAsync()
    {
        foreach (var life in _lives)
        {
            await life.DisposeAsync();
        }

        Client.Dispose();
    }
}
