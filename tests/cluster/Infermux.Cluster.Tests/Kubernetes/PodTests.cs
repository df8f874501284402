using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Infermux.Cluster.Load;
using Infermux.Cluster.Network;
using Infermux.Manifests;
using Infermux.Testing;

namespace Infermux.Cluster.Tests.Kubernetes;

/// <summary>The pods of deploy/k8s/overlays/split, by their rendered commands, environments and files, as processes over redis-server.</summary>
[Collection(OneAtATime.Name)]
public sealed class PodTests : ClusterTests, IAsyncLifetime
{
    private static readonly TimeSpan ReloadLimit = TimeSpan.FromSeconds(10); // the product looks each second

    private readonly TemporaryFolder _folder = new();
    private readonly List<PodProcess> _silos = [];
    private readonly List<PodProcess> _gateways = [];
    private RedisProcess? _redis;
    private ScriptedProvider? _provider;
    private Rendering? _rendering;

    private IEnumerable<PodProcess> Pods => _silos.Concat(_gateways);

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisProcess.StartAsync();
        _provider = await ScriptedProvider.StartAsync(new() { Name = "scripted" });
        _provider.Behaviour = new Behaviour { ChunkInterval = TimeSpan.FromMilliseconds(200) };
        _rendering = await Kustomize.RenderAsync("split");
        foreach (var n in Enumerable.Range(1, 2))
        {
            _silos.Add(Start("infermux-silo", n));
        }

        foreach (var n in Enumerable.Range(1, 3))
        {
            _gateways.Add(Start("infermux", n));
        }

        await Task.WhenAll(Pods.Select(pod => pod.ReadyAsync()));
    }

    [Fact]
    public async Task Split_TwoSilosAndThreeGateways_FormOneClusterAndServe()
    {
        await TellAsync(_gateways[0], HttpMethod.Put, "/_infermux/budgets/alice", new JsonObject { ["limit_usd"] = 7, ["action"] = "hard_stop" });

        foreach (var gateway in _gateways)
        {
            var (status, provider) = await ChatAsync(gateway, "echo-v1", PodSecret.ApiKey);
            Assert.Equal((200, "echo"), (status, provider));
            Assert.Equal(401, (await ChatAsync(gateway, "echo-v1", "wrong")).Status);
        }

        var budget = await TellAsync(_gateways[2], HttpMethod.Get, "/_infermux/budgets/alice");
        Assert.Equal(7m, budget!["limit_usd"]!.GetValue<decimal>());
        foreach (var pod in Pods)
        {
            Assert.Equal(200, await pod.StatusAsync(pod.Pod.Liveness));
            Assert.Contains("dotnet_process_memory_working_set_bytes", await MetricsAsync(pod), StringComparison.Ordinal);
            using var stranger = await pod.Kubelet.GetAsync(new Uri(pod.Operator.BaseAddress!, "/metrics"), TestContext.Current.CancellationToken);
            Assert.Equal(401, (int)stranger.StatusCode);
        }
    }

    [Fact]
    public async Task ConfigMap_SwappedAsKubeletDoes_IsTakenOverByEveryPodAndABadOneByNone()
    {
        var text = _rendering!.Files("infermux-config")["infermux.yml"];
        Assert.NotEqual("scripted", (await ChatAsync(_gateways[0], "gpt-4o-mini", PodSecret.ApiKey)).Provider);

        Swap(WithScripted(text));

        await ReloadedAsync("applied");

        foreach (var gateway in _gateways)
        {
            Assert.Equal((200, "scripted"), await ChatAsync(gateway, "gpt-4o-mini", PodSecret.ApiKey));
        }

        Swap("providers: nonsense\n");

        await ReloadedAsync("refused");

        Assert.Equal((200, "scripted"), await ChatAsync(_gateways[0], "gpt-4o-mini", PodSecret.ApiKey));
    }

    [Fact]
    public async Task Terminated_WhileStreamsRun_AGatewayAndASiloEndInTheirGraceAndCutNothing()
    {
        Swap(WithScripted(_rendering!.Files("infermux-config")["infermux.yml"]));
        await ReloadedAsync("applied");

        await using var balancer = new LoadBalancer([.. _gateways.Select(gateway => gateway.Pod.Port("http"))], probed: true);
        using var callers = new Callers(balancer.Address, TimeProvider.System) { Key = PodSecret.ApiKey };
        using var over = new CancellationTokenSource();
        var load = new SteadyLoad(callers, Log, TimeProvider.System) { PerSecond = 5, Streams = 12, StreamWords = 60 }.RunAsync(over.Token); // 12 s each: the linger is 5
        await Eventually.HoldsAsync(() => Task.FromResult(Log.Records.Count(record => record.Stream) >= 12), TimeSpan.FromSeconds(60), Log.Summary);
        var (gateway, silo) = (_gateways[0], _silos[0]);
        await Eventually.HoldsAsync(async () => await ActiveAsync(gateway) >= 2, TimeSpan.FromSeconds(10), () => "streams run in the gateway that is to go");

        var told = TimeProvider.System.GetTimestamp();
        await gateway.TerminateAsync();
        await Eventually.HoldsAsync(
            async () => await gateway.StatusAsync(gateway.Pod.Readiness) == 503, TimeSpan.FromSeconds(3), () => "kubelet hears that it is not ready");
        Assert.Equal(200, await gateway.StatusAsync(gateway.Pod.Liveness)); // or kubelet would restart what drains
        Assert.Equal(0, await gateway.EndedInGraceAsync());
        var ended = TimeProvider.System.GetElapsedTime(told);
        await silo.TerminateAsync();
        Assert.Equal(0, await silo.EndedInGraceAsync());

        await over.CancelAsync();
        await load;
        Say($"{Log.Summary()}; the gateway ended {ended.TotalSeconds:0.0} s after SIGTERM, of {gateway.Pod.Grace.TotalSeconds} s");
        NobodyFailed();
        Assert.True(ended > TimeSpan.FromSeconds(5), "it lingered");
        Assert.Contains(Log.Complete, record => record.Stream && record.Took >= TimeSpan.FromSeconds(11));
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var pod in Pods)
        {
            if (TestContext.Current.TestState?.Result == TestResult.Failed)
            {
                TestContext.Current.AddAttachment($"{pod.Name}.log", pod.Output);
            }

            await pod.DisposeAsync();
        }

        await (_provider?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_redis?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Dispose();
        await base.DisposeAsync();
    }

    private PodProcess Start(string deployment, int n)
    {
        var name = $"{deployment}-{n}";
        var root = Path.Combine(_folder.Path, name);
        Directory.CreateDirectory(root);
        return PodProcess.Start(name, new LocalPod(_rendering!, deployment, root, _ => PodSecret.For(_redis!.Port), FreePort.Next), root);
    }

    /// <summary>What a user does to the file: one provider more, before the others.</summary>
    private string WithScripted(string text) => text.Replace(
        "providers:\n",
        $"providers:\n  - {{name: scripted, type: openai, api_key: sk-x, base_url: \"{_provider!.OpenAiBaseUrl}\", health_check: {{disabled: true}}}}\n",
        StringComparison.Ordinal);

    private void Swap(string text)
    {
        foreach (var pod in Pods)
        {
            pod.Pod.Update("infermux-config", new Dictionary<string, string>(StringComparer.Ordinal) { ["infermux.yml"] = text });
        }
    }

    private static async Task<(int Status, string? Provider)> ChatAsync(PodProcess gateway, string model, string key)
    {
        using var request = GatewayProcess.Chat(model, "words=3", stream: false);
        request.Headers.Authorization = new("Bearer", key);
        request.RequestUri = new Uri($"http://127.0.0.1:{gateway.Pod.Port("http")}{request.RequestUri}");
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, answer.Headers.TryGetValues("X-Infermux-Provider", out var provider) ? provider.Single() : null);
    }

    private static async Task<JsonNode?> TellAsync(PodProcess gateway, HttpMethod method, string path, JsonObject? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await gateway.Operator.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return text.Length > 0 ? JsonNode.Parse(text) : null;
    }

    /// <summary>Returns when every pod has read the changed file, once.</summary>
    private async Task ReloadedAsync(string outcome)
    {
        foreach (var pod in Pods)
        {
            await Eventually.HoldsAsync(
                async () => await ValueAsync(pod, "infermux_config_reloads_total", $"outcome=\"{outcome}\"") == 1,
                ReloadLimit,
                () => $"{pod.Name} says that the file is {outcome}\n{pod.Output}");
        }
    }

    private static Task<string> MetricsAsync(PodProcess pod) =>
        pod.Operator.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);

    private static async Task<int> ActiveAsync(PodProcess pod) => await ValueAsync(pod, "infermux_requests_active", "");

    private static async Task<int> ValueAsync(PodProcess pod, string metric, string label)
    {
        var line = (await MetricsAsync(pod)).Split('\n')
            .SingleOrDefault(line => line.StartsWith($"{metric}{{", StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal));
        return line is null ? 0 : int.Parse(line[(line.IndexOf("} ", StringComparison.Ordinal) + 2)..].Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
