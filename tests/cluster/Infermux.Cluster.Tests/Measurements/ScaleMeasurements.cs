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
    private const double Rate = 500; // requests/s, a third of what two cores do with all of this on them
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

    [Fact(Explicit = true)]
    public async Task From1To3Gateways_CpuPerRequestGrowsByAtMost25PercentAndStaysUnderTwiceABareProxy()
    {
        var cluster = await StartAsync(Plan(gateways: 3));
        var yarpPort = FreePort.Next();
        var upstream = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{cluster.Providers[0].Scripted.Port}");
        await using var yarp = ChildProcess.Start(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "Infermux.HttpBench.dll"), "yarp", yarpPort.ToString(CultureInfo.InvariantCulture), upstream],
            AppContext.BaseDirectory,
            "");
        using var bare = new OpenLoop([new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{yarpPort}"))], ["plain"], TimeProvider.System);
        var gateways = cluster.Gateways.ToList();
        using (var all = new OpenLoop([.. gateways.Select(gateway => gateway.Address)], ["plain", "hard"], TimeProvider.System))
        {
            await bare.RunAsync(Rate, WarmUp / 3);
            Say(await WarmUpAsync(all, [.. gateways, .. cluster.Silos]));
        }

        var proxied = new List<double>();
        var byGateways = new Dictionary<int, double>();
        while (true)
        {
            using var plain = new OpenLoop([.. gateways.Select(gateway => gateway.Address)], ["plain"], TimeProvider.System);
            var ours = new List<(double Gateways, double Silos)>();
            for (var round = 0; round < Rounds; round++)
            {
                ours.Add(await CostAsync(plain, gateways, cluster.Silos));
                proxied.Add(await CostAsync(bare, () => CpuOf(yarp)));
            }

            byGateways[gateways.Count] = Median(ours.Select(cost => cost.Gateways + cost.Silos));
            Say(string.Create(
                CultureInfo.InvariantCulture,
                $"{gateways.Count} gateways, 2 silos, {Rate} requests/s: {Shown(ours.Select(cost => cost.Gateways + cost.Silos))} µs of CPU a request, "
                + $"gateways {Median(ours.Select(cost => cost.Gateways)):0}, silos {Median(ours.Select(cost => cost.Silos)):0}"));
            if (gateways.Count == 1)
            {
                break;
            }

            await gateways[^1].TerminateAsync();
            gateways.RemoveAt(gateways.Count - 1);
        }

        using var hard = new OpenLoop([gateways[0].Address], ["hard"], TimeProvider.System);
        var (held, owners) = await CostAsync(hard, gateways, cluster.Silos);
        Say(string.Create(CultureInfo.InvariantCulture, $"1 gateway with a hard budget, one round: {held + owners:0} µs, gateway {held:0}, silos {owners:0}"));
        Say(string.Create(
            CultureInfo.InvariantCulture,
            $"bare YARP: {Shown(proxied)} µs; 1 gateway {byGateways[1] / Median(proxied):0.00} times that; "
            + $"3 gateways {byGateways[3] / byGateways[1]:0.00} times 1"));
        Assert.True(byGateways[3] <= byGateways[1] * 1.25, $"{byGateways[3]} against {byGateways[1]}");
        Assert.True(byGateways[1] <= Median(proxied) * 2, $"{byGateways[1]} against {Median(proxied)}");
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
            var before = nodes.Sum(CompilerOf);
            await load.RunAsync(Rate, 2 * Each);
            share = (nodes.Sum(CompilerOf) - before) / (2 * Each.TotalSeconds);
        }

        return string.Create(CultureInfo.InvariantCulture, $"warmed up for {took.TotalSeconds:0} s, then the compiler took {share:0.000} of a core");
    }

    /// <summary>Seconds of CPU that the runtime's background compiler has taken, in hundredths.</summary>
    private static double CompilerOf(Node node) => Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{node.Process.Id}/task"))
        .Select(static thread => File.ReadAllText(Path.Combine(thread, "stat")))
        .Where(static stat => stat.Contains("(.NET Tiered", StringComparison.Ordinal))
        .Select(static stat => stat[(stat.LastIndexOf(')') + 2)..].Split(' '))
        .Sum(static fields => double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / 100;

    /// <summary>µs of CPU a request, of gateways and of silos.</summary>
    private static async Task<(double Gateways, double Silos)> CostAsync(OpenLoop load, IEnumerable<Node> gateways, IEnumerable<Node> silos)
    {
        var before = silos.Sum(silo => CpuOf(silo.Process));
        var requests = 0;
        var ours = await CostAsync(load, () => gateways.Sum(gateway => CpuOf(gateway.Process)), sent => requests = sent);
        return (ours, (silos.Sum(silo => CpuOf(silo.Process)) - before) / requests);
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

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private static string Shown(IEnumerable<double> values) => string.Create(
        CultureInfo.InvariantCulture, $"{Median(values):0} ({string.Join(", ", values.Select(value => value.ToString("0", CultureInfo.InvariantCulture)))})");
}
