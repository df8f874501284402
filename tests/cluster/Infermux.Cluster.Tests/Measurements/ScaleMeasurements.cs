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

    private const int Runs = 5;

    /// <summary>A run is so many turns of every row, short ones, so that what the machine does beside us falls on all rows alike.</summary>
    private const int Turns = 4;

    private static readonly TimeSpan Each = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(60);

    /// <summary>The just-in-time compiler takes its share until it has little left to do: less than a hundredth of a core, all processes together.</summary>
    private const double QuietCompiler = 0.01;

    /// <summary>What became hot while new methods were still met is compiled only once none was met for a while.</summary>
    private static readonly TimeSpan TierDelay = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromMinutes(4);

    private static ClusterPlan Plan(int gateways) => new()
    {
        Nodes = ClusterPlan.Split(2, gateways),
        BalancerProbes = false, // callers go straight to gateways here
        More = """
            log: {level: warn}
            budgets:
              callers: [{caller: hard, limit_usd: 1000000, action: hard_stop}]
            """,
    };

    /// <summary>
    /// All by turns. Gateways that a turn does not ask stand by and are not counted. Three bare proxies beside one tell how much of the growth is the machine's:
    /// one core between several processes goes from cold caches to cold caches.
    /// </summary>
    [Fact(Explicit = true)]
    public async Task From1To3Gateways_CpuPerRequestGrowsByAtMost25PercentAndStaysUnderTwiceABareProxy()
    {
        var cluster = await StartAsync(Plan(gateways: 3));
        await using var proxies = new BareProxies(cluster.Providers[0].Scripted.BaseUrl, 3);
        IReadOnlyList<Edge> gateways = [.. cluster.Gateways.Select(node => new Edge(node.Address, node.Process))];
        IReadOnlyList<ChildProcess> silos = [.. cluster.Silos.Select(node => node.Process)];
        using (var bare = Load(proxies.Edges, "plain"))
        using (var all = Load(gateways, "plain", "hard"))
        {
            await bare.RunAsync(Rate, WarmUp);
            Say(await WarmUpAsync(all, [.. gateways.Select(gateway => gateway.Process), .. silos]));
        }

        Say(await AtRestAsync("gateway", [.. gateways.Select(gateway => gateway.Process)]));
        Say(await AtRestAsync("silo", silos));
        var (one, two, three) = (new Row("1 gateway, 2 silos", gateways, 1, "plain", silos), new Row("2 gateways", gateways, 2, "plain", silos), new Row("3 gateways", gateways, 3, "plain", silos));
        var hard = new Row("1 gateway with a hard budget", gateways, 1, "hard", silos);
        var (bareOne, bareThree) = (new Row("1 bare proxy", proxies.Edges, 1, "plain", []), new Row("3 bare proxies", proxies.Edges, 3, "plain", []));
        Row[] rows = [one, two, three, hard, bareOne, bareThree];
        for (var turn = 0; turn < Runs * Turns; turn++)
        {
            foreach (var row in rows)
            {
                await row.TakeAsync(turn);
            }
        }

        foreach (var row in rows)
        {
            Say(row.ToString());
        }

        var (beside, grown, bareGrown) = (one.RatioTo(bareOne), three.RatioTo(one), bareThree.RatioTo(bareOne));
        Say($"1 gateway and 2 silos ÷ a bare proxy: {Shown(beside)}; 3 gateways ÷ 1: {Shown(grown)}; 3 bare proxies ÷ 1: {Shown(bareGrown)}");
        Assert.True(Median(beside) <= 2, $"a gateway and its silos cost {Median(beside)} bare proxies");
        Assert.True(Median(grown) <= 1.25, $"three gateways cost {Median(grown)} times one");
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

    private static async Task<string> WarmUpAsync(OpenLoop load, IReadOnlyList<ChildProcess> processes)
    {
        var share = 1d;
        var took = TimeSpan.Zero;
        var step = (2 * Each) + TierDelay;
        for (; share > QuietCompiler && took < LongestWarmUp; took += step)
        {
            var before = CompilersOf(processes);
            await load.RunAsync(Rate, 2 * Each);
            await Task.Delay(TierDelay);
            var after = CompilersOf(processes);
            share = after.Sum(thread => thread.Value - before.GetValueOrDefault(thread.Key)) / step.TotalSeconds; // a thread that ended had nothing to do
        }

        return string.Create(CultureInfo.InvariantCulture, $"warmed up for {took.TotalSeconds:0} s, then the compiler took {share:0.000} of a core");
    }

    /// <summary>Seconds of CPU that the threads of the runtimes' background compilers have taken, in hundredths, by the path of the thread.</summary>
    private static Dictionary<string, double> CompilersOf(IEnumerable<ChildProcess> processes) => processes
        .SelectMany(static process => Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/task")))
        .Select(static thread => (Thread: thread, Stat: StatOf(thread)))
        .Where(static thread => thread.Stat.Contains("(.NET Tiered", StringComparison.Ordinal))
        .ToDictionary(static thread => thread.Thread, static thread =>
        {
            var fields = thread.Stat[(thread.Stat.LastIndexOf(')') + 2)..].Split(' ');
            return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / 100;
        });

    /// <summary>What the kernel says of a thread; empty where it has ended since it was listed.</summary>
    private static string StatOf(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "stat"));
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static async Task<string> AtRestAsync(string kind, IReadOnlyList<ChildProcess> processes)
    {
        var before = CpuOf(processes);
        await Task.Delay(2 * Each);
        var share = (CpuOf(processes) - before) / processes.Count / (2 * Each.TotalMilliseconds);
        return string.Create(CultureInfo.InvariantCulture, $"at rest a {kind} takes {share:0.0} ms of CPU a second");
    }

    private static OpenLoop Load(IEnumerable<Edge> edges, params string[] callers) => new([.. edges.Select(edge => edge.Address)], callers, TimeProvider.System);

    /// <summary>µs.</summary>
    private static double CpuOf(IEnumerable<ChildProcess> processes) => processes.Sum(process =>
    {
        using var seen = System.Diagnostics.Process.GetProcessById(process.Id);
        return seen.TotalProcessorTime.TotalMicroseconds;
    });

    private static double Median(IReadOnlyList<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Shown(IReadOnlyList<double> ratios) => string.Create(
        CultureInfo.InvariantCulture, $"{Median(ratios):0.00} ({string.Join(", ", ratios.Select(ratio => ratio.ToString("0.00", CultureInfo.InvariantCulture)))})");

    /// <summary>A process that callers ask.</summary>
    private sealed record Edge(Uri Address, ChildProcess Process);

    /// <summary>What is measured: so many of these edges, and the processes that work for them.</summary>
    private sealed class Row(string name, IReadOnlyList<Edge> edges, int count, string caller, IReadOnlyList<ChildProcess> behind)
    {
        private readonly List<(int Run, double Edges, double Behind, int Requests)> _turns = [];

        /// <summary>How many times the other's cost its own was, in each run.</summary>
        public IReadOnlyList<double> RatioTo(Row other) => [.. Both.Zip(other.Both, static (own, others) => own / others)];

        /// <summary>µs of CPU a request, of each run.</summary>
        private IReadOnlyList<double> Both => OfRuns(turn => turn.Edges + turn.Behind);

        /// <summary>Which of the edges are asked goes by turns: what each process compiled in its own order costs some percent more or less than its sister's.</summary>
        public async Task TakeAsync(int turn)
        {
            IReadOnlyList<Edge> asked = [.. Enumerable.Range(turn, count).Select(n => edges[n % edges.Count])];
            IReadOnlyList<ChildProcess> processes = [.. asked.Select(edge => edge.Process)];
            using var load = Load(asked, caller);
            var before = (Edges: CpuOf(processes), Behind: CpuOf(behind));
            var (waits, failed) = await load.RunAsync(Rate, Each);
            Assert.Equal(0, failed);
            _turns.Add((turn / Turns, CpuOf(processes) - before.Edges, CpuOf(behind) - before.Behind, waits.Count));
        }

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {Median(Both):0} ({string.Join(", ", Both.Select(run => run.ToString("0", CultureInfo.InvariantCulture)))}) µs of CPU a request, edges {Median(OfRuns(turn => turn.Edges)):0}, silos {Median(OfRuns(turn => turn.Behind)):0}");

        private List<double> OfRuns(Func<(int Run, double Edges, double Behind, int Requests), double> cpu) =>
            [.. _turns.GroupBy(turn => turn.Run).Select(run => run.Sum(cpu) / run.Sum(turn => turn.Requests))];
    }

    /// <summary>YARP, which forwards and does nothing else.</summary>
    private sealed class BareProxies : IAsyncDisposable
    {
        private readonly List<Edge> _edges = [];

        public BareProxies(string upstream, int count)
        {
            for (var i = 0; i < count; i++)
            {
                var port = FreePort.Next();
                _edges.Add(new Edge(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")), ChildProcess.Start(
                    "dotnet",
                    [Path.Combine(AppContext.BaseDirectory, "Infermux.HttpBench.dll"), "yarp", port.ToString(CultureInfo.InvariantCulture), upstream],
                    AppContext.BaseDirectory,
                    "")));
            }
        }

        public IReadOnlyList<Edge> Edges => _edges;

        public async ValueTask DisposeAsync()
        {
            foreach (var edge in _edges)
            {
                await edge.Process.DisposeAsync();
            }
        }
    }
}
