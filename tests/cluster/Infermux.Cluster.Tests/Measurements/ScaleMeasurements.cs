using System.Globalization;
using Infermux.Cluster.Load;
using Infermux.Cluster.Topology;
using Infermux.Testing;

namespace Infermux.Cluster.Tests.Measurements;

/// <summary>
/// What a request costs when gateways and silos are processes of their own, over redis-server with fsync always, and how that grows with gateways. CPU of our
/// processes alone; the store, the provider and the load are not counted. Run by <c>bench/cluster.sh</c>, on a machine that does nothing else.
/// </summary>
[Collection(OneAtATime.Name)]
public sealed class ScaleMeasurements : ClusterTests
{
    /// <summary>Requests/s; 200, or what <c>bench/cluster.sh gateways</c> was told. From 500 on three bare proxies cost twice one on two cores: the machine is measured.</summary>
    private static readonly double Rate = Environment.GetEnvironmentVariable("INFERMUX_BENCH_RATE") is { } told ? double.Parse(told, CultureInfo.InvariantCulture) : 200;

    private const int Rounds = 5;
    private static readonly TimeSpan Each = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(60);

    /// <summary>The just-in-time compiler takes its share until it has little left to do: less than a hundredth of a core, all processes together.</summary>
    private const double QuietCompiler = 0.01;

    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromMinutes(4);

    private static ClusterPlan Plan(int gateways) => new()
    {
        Nodes = ClusterPlan.Split(2, gateways),
        More = """
            log: {level: warn}
            budgets:
              callers: [{caller: hard, limit_usd: 1000000, action: hard_stop}]
            """,
    };

    /// <summary>
    /// All by turns in one run. Gateways that a round does not ask stand by and are not counted. Three bare proxies beside one tell how much of the growth is
    /// the machine's: one core between several processes goes from cold caches to cold caches.
    /// </summary>
    [Fact(Explicit = true)]
    public async Task From1To3Gateways_CpuPerRequestGrowsByAtMost25PercentAndStaysUnderTwiceABareProxy()
    {
        var cluster = await StartAsync(Plan(gateways: 3));
        var gateways = cluster.Gateways.ToList();
        await using var proxies = new BareProxies(cluster.Providers[0].Scripted.BaseUrl, 3);
        using (var bare = proxies.Load(3))
        using (var all = Load(gateways, "plain", "hard"))
        {
            await bare.RunAsync(Rate, WarmUp);
            Say(await WarmUpAsync(all, [.. gateways, .. cluster.Silos]));
        }

        Say(await AtRestAsync("gateway", gateways));
        Say(await AtRestAsync("silo", [.. cluster.Silos]));
        using var one = Load(gateways[..1], "plain");
        using var two = Load(gateways[..2], "plain");
        using var three = Load(gateways, "plain");
        using var hard = Load(gateways[..1], "hard");
        using var bareOne = proxies.Load(1);
        using var bareThree = proxies.Load(3);
        var (ours, held, proxied) = (new Dictionary<int, List<Cost>>(), new List<Cost>(), new Dictionary<int, List<double>>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (load, count) in new[] { (one, 1), (two, 2), (three, 3) })
            {
                ours.TryAdd(count, []);
                ours[count].Add(await CostAsync(load, gateways[..count], cluster.Silos));
            }

            foreach (var (load, count) in new[] { (bareOne, 1), (bareThree, 3) })
            {
                proxied.TryAdd(count, []);
                proxied[count].Add(await CostAsync(load, () => proxies.Cpu(count)));
            }

            held.Add(await CostAsync(hard, gateways[..1], cluster.Silos));
        }

        foreach (var (count, costs) in ours)
        {
            Say($"{count} gateways, 2 silos: {Shown(costs)}");
        }

        Say($"1 gateway, 2 silos, a hard budget: {Shown(held)}");
        Say($"1 bare proxy: {Shown(proxied[1])} µs; 3: {Shown(proxied[3])}");
        var (grown, bareGrown, beside) = (
            Median(ours[3].Select(Sum)) / Median(ours[1].Select(Sum)), Median(proxied[3]) / Median(proxied[1]), Median(ours[1].Select(Sum)) / Median(proxied[1]));
        Say(string.Create(
            CultureInfo.InvariantCulture, $"1 gateway {beside:0.00} times a bare proxy; 3 gateways {grown:0.00} times 1; 3 bare proxies {bareGrown:0.00} times 1"));
        Assert.True(beside <= 2, $"a gateway and its silos cost {beside} bare proxies");
        Assert.True(grown <= 1.25, $"three gateways cost {grown} times one");
    }

    [Fact(Explicit = true)]
    public async Task Reserve_AtLowLoad_AddsThisMuch()
    {
        var cluster = await StartAsync(Plan(gateways: 1));
        using var both = new OpenLoop([cluster.Gateways.Single().Address], ["plain", "hard"], TimeProvider.System);
        await both.RunAsync(200, WarmUp);

        var (waits, failed) = await both.RunAsync(40, TimeSpan.FromSeconds(60)); // one of each in turn

        var (plain, hard) = (Of("plain"), Of("hard"));
        Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{plain.Length} + {hard.Length} requests at 40/s: without a budget p50 {At(plain, 0.5):0.00} ms, p99 {At(plain, 0.99):0.00}; "
            + $"with a hard one p50 {At(hard, 0.5):0.00}, p99 {At(hard, 0.99):0.00}; "
            + $"a reserve adds {At(hard, 0.5) - At(plain, 0.5):0.00} and {At(hard, 0.99) - At(plain, 0.99):0.00}"));
        Assert.Equal(0, failed);
        Assert.InRange(At(hard, 0.5) - At(plain, 0.5), 0, 10); // a call, a write and an fsync; 2 to 5 ms were expected of it
        return;

        double[] Of(string caller) => [.. waits.Where(wait => wait.Caller == caller).Select(wait => wait.Milliseconds).Order()];
        static double At(double[] sorted, double share) => sorted[(int)Math.Min(sorted.Length - 1, share * sorted.Length)];
    }

    private static async Task<string> WarmUpAsync(OpenLoop load, IReadOnlyList<Node> nodes)
    {
        var share = 1d;
        var took = TimeSpan.Zero;
        for (; share > QuietCompiler && took < LongestWarmUp; took += 2 * Each)
        {
            var before = CompilersOf(nodes);
            await load.RunAsync(Rate, 2 * Each);
            var after = CompilersOf(nodes);
            share = after.Sum(thread => thread.Value - before.GetValueOrDefault(thread.Key)) / (2 * Each.TotalSeconds); // a thread that ended had nothing to do
        }

        return string.Create(CultureInfo.InvariantCulture, $"warmed up for {took.TotalSeconds:0} s, then the compiler took {share:0.000} of a core");
    }

    /// <summary>Seconds of CPU that the threads of the runtimes' background compilers have taken, in hundredths, by the path of the thread.</summary>
    private static Dictionary<string, double> CompilersOf(IEnumerable<Node> nodes) => nodes
        .SelectMany(static node => Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{node.Process.Id}/task")))
        .Select(static thread => (Thread: thread, Stat: File.ReadAllText(Path.Combine(thread, "stat"))))
        .Where(static thread => thread.Stat.Contains("(.NET Tiered", StringComparison.Ordinal))
        .ToDictionary(static thread => thread.Thread, static thread =>
        {
            var fields = thread.Stat[(thread.Stat.LastIndexOf(')') + 2)..].Split(' ');
            return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / 100;
        });

    private static async Task<string> AtRestAsync(string kind, List<Node> nodes)
    {
        var before = nodes.Sum(node => CpuOf(node.Process));
        await Task.Delay(2 * Each);
        var share = (nodes.Sum(node => CpuOf(node.Process)) - before) / nodes.Count / (2 * Each.TotalMilliseconds);
        return string.Create(CultureInfo.InvariantCulture, $"at rest a {kind} takes {share:0.0} ms of CPU a second");
    }

    private static OpenLoop Load(IEnumerable<Node> gateways, params string[] callers) => new([.. gateways.Select(gateway => gateway.Address)], callers, TimeProvider.System);

    private static async Task<Cost> CostAsync(OpenLoop load, IEnumerable<Node> gateways, IEnumerable<Node> silos)
    {
        var before = silos.Sum(silo => CpuOf(silo.Process));
        var requests = 0;
        var ours = await CostAsync(load, () => gateways.Sum(gateway => CpuOf(gateway.Process)), sent => requests = sent);
        return new(ours, (silos.Sum(silo => CpuOf(silo.Process)) - before) / requests);
    }

    private static async Task<double> CostAsync(OpenLoop load, Func<double> cpu, Action<int>? sent = null)
    {
        var before = cpu();
        var (waits, failed) = await load.RunAsync(Rate, Each);
        Assert.Equal(0, failed);
        sent?.Invoke(waits.Count);
        return (cpu() - before) / waits.Count;
    }

    private static double CpuOf(ChildProcess process)
    {
        using var seen = System.Diagnostics.Process.GetProcessById(process.Id);
        return seen.TotalProcessorTime.TotalMicroseconds;
    }

    private static double Sum(Cost cost) => cost.Gateways + cost.Silos;

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private static string Shown(IReadOnlyList<Cost> costs) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Shown(costs.Select(Sum))} µs of CPU a request, gateways {Median(costs.Select(cost => cost.Gateways)):0}, silos {Median(costs.Select(cost => cost.Silos)):0}");

    private static string Shown(IEnumerable<double> values) => string.Create(
        CultureInfo.InvariantCulture, $"{Median(values):0} ({string.Join(", ", values.Select(value => value.ToString("0", CultureInfo.InvariantCulture)))})");

    /// <summary>µs of CPU a request.</summary>
    private readonly record struct Cost(double Gateways, double Silos);

    /// <summary>YARP, which forwards and does nothing else.</summary>
    private sealed class BareProxies : IAsyncDisposable
    {
        private readonly List<(int Port, ChildProcess Process)> _proxies = [];

        public BareProxies(string upstream, int count)
        {
            for (var i = 0; i < count; i++)
            {
                var port = FreePort.Next();
                _proxies.Add((port, ChildProcess.Start(
                    "dotnet",
                    [Path.Combine(AppContext.BaseDirectory, "Infermux.HttpBench.dll"), "yarp", port.ToString(CultureInfo.InvariantCulture), upstream],
                    AppContext.BaseDirectory,
                    "")));
            }
        }

        public OpenLoop Load(int count) => new(
            [.. _proxies.Take(count).Select(proxy => new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{proxy.Port}")))], ["plain"], TimeProvider.System);

        public double Cpu(int count) => _proxies.Take(count).Sum(proxy => CpuOf(proxy.Process));

        public async ValueTask DisposeAsync()
        {
            foreach (var (_, process) in _proxies)
            {
                await process.DisposeAsync();
            }
        }
    }
}
