using System.Net.Http.Headers;
using Infermux.Cluster.Topology;
using Infermux.Manifests;
using Infermux.Testing;

namespace Infermux.Cluster.Tests.Kubernetes;

/// <summary>A pod as a process: started as kubelet would start its container, asked as kubelet asks it, ended as kubelet ends it.</summary>
internal sealed class PodProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;

    private PodProcess(string name, LocalPod pod, ChildProcess process)
    {
        (Name, Pod, _process) = (name, pod, process);
        Kubelet = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };
        Operator = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri(pod.Readiness.GetLeftPart(UriPartial.Authority)),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", PodSecret.ManagementToken) },
        };
    }

    public string Name { get; }

    public LocalPod Pod { get; }

    /// <summary>Sends no credential.</summary>
    public HttpClient Kubelet { get; }

    /// <summary>Asks the management port, with the token of the Secret.</summary>
    public HttpClient Operator { get; }

    public string Output => $"{_process.Output}{(_process.Error.Length > 0 ? $"--- standard error\n{_process.Error}" : "")}";

    /// <summary>Starts it; it need not be ready yet.</summary>
    public static PodProcess Start(string name, LocalPod pod, string folder)
    {
        var (program, arguments) = (Path.GetFileName(pod.Command[0]), pod.Command.Skip(1));
        Directory.CreateDirectory(pod.PathOf("/tmp"));
        return new(name, pod, ChildProcess.Start(
            "env",
            [.. pod.Environment, $"TMPDIR={pod.PathOf("/tmp")}", "dotnet", Programs.Path($"{program}.dll"), .. arguments],
            folder,
            ready: "it is the probe that says so",
            bare: true));
    }

    /// <summary>Returns when its readiness probe succeeds.</summary>
    public Task ReadyAsync() => Eventually.HoldsAsync(async () => await StatusAsync(Pod.Readiness) == 200, StartLimit, () => $"{Name} is ready\n{Output}");

    /// <summary>What a probe gets; 0 where nobody answers.</summary>
    public async Task<int> StatusAsync(Uri probe)
    {
        try
        {
            using var answer = await Kubelet.GetAsync(probe);
            return (int)answer.StatusCode;
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException)
        {
            return 0;
        }
    }

    /// <summary>SIGTERM, without waiting.</summary>
    public Task TerminateAsync() => _process.TerminateAsync();

    /// <summary>Its exit code, within the grace that its manifest leaves after preStop.</summary>
    public Task<int> EndedInGraceAsync() => _process.EndedAsync(Pod.Grace);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Kubelet.Dispose();
        Operator.Dispose();
    }
}
