using System.Globalization;
using Infermux.Cluster.Load;
using Infermux.Cluster.Topology;
using Infermux.Testing;

namespace Infermux.Cluster.Tests.Faults;

/// <summary>Faults of the fault matrix, each in a test named with its number: a load before, while and after, then the auditor.</summary>
public abstract class FaultTests : ClusterTests
{
    /// <summary>Answers between the beginning of the load and the fault: what waits usually are.</summary>
    private const int UsualAfter = 300;

    /// <summary>Share of the rates and streams below that is sent: <c>INFERMUX_TEST_LOAD</c>, for machines that others use too. What must be shown is shown at 1.</summary>
    private static readonly double Load = double.TryParse(
        Environment.GetEnvironmentVariable("INFERMUX_TEST_LOAD"), CultureInfo.InvariantCulture, out var share) ? share : 1;

    /// <summary>Every caller reserves and settles.</summary>
    protected const string Budgets = """
        budgets:
          callers: [{caller: "*", limit_usd: 100, action: hard_stop}]
        """;

    internal static ClusterPlan Plan(int silos = 3, int gateways = 2) => new() { Nodes = ClusterPlan.Split(silos, gateways), More = Budgets };

    /// <summary>
    /// How long new processes take much of two cores for compiling, as in <c>bench/http.sh</c>: for tests whose rates leave no room beside it. At a share of
    /// the load there is room.
    /// </summary>
    protected static readonly TimeSpan Compiled = Load < 0.5 ? TimeSpan.Zero : TimeSpan.FromSeconds(45);

    /// <summary>Loads the cluster, brings about the fault when all is warm, and goes on for a while after it.</summary>
    internal async Task WhileLoadedAsync(
        LocalCluster cluster, double perSecond, int streams, Func<Task> fault, int streamWords = 40, TimeSpan? after = null, IReadOnlyList<string>? names = null,
        TimeSpan before = default)
    {
        using var callers = new Callers(cluster.Address, TimeProvider.System);
        names ??= SteadyLoad.Named(64);
        await WarmAsync(callers, names);
        var answered = cluster.Providers.Sum(provider => provider.Scripted.Truth.Answered);
        using var over = new CancellationTokenSource();
        var load = new SteadyLoad(callers, Log, TimeProvider.System)
        {
            PerSecond = perSecond * Load,
            Streams = (int)Math.Ceiling(streams * Load),
            StreamWords = streamWords,
            Names = names,
        }.RunAsync(over.Token);
        await Eventually.HoldsAsync(
            () => Task.FromResult(cluster.Providers.Sum(provider => provider.Scripted.Truth.Answered) >= answered + (UsualAfter * Load)), TimeSpan.FromMinutes(1), () => Log.Summary());
        await LastsAsync(before);
        await fault();
        await LastsAsync(after ?? TimeSpan.FromSeconds(10));
        await over.CancelAsync();
        await load;
        Say(Log.Summary());
    }

    /// <summary>
    /// Before: processes compile what a request needs, and every account has an owner. What is refused for being slow then is repeated, and not logged: it is
    /// no answer to a fault.
    /// </summary>
    internal static Task WarmAsync(Callers callers, IReadOnlyList<string> names) => new Stampede(callers, new CallLog(), TimeProvider.System).RunAsync(
        Enumerable.Range(0, 4 * names.Count).Select(n => new Call(names[n % names.Count], "gpt-4o-mini", Stream: n % 2 == 0, Words: 5, MaxTokens: 20)),
        parallel: 8,
        CancellationToken.None);

    /// <summary>For as long as a fault lasts, or a load goes on behind it.</summary>
    protected static async Task LastsAsync(TimeSpan time)
    {
        if (time == TimeSpan.Zero)
        {
            return;
        }

        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The longest wait of a request that was answered at or after this moment.</summary>
    internal TimeSpan WorstWait(DateTimeOffset since) =>
        Log.Complete.Where(record => record.Due + record.Wait >= since).Select(record => record.Wait).DefaultIfEmpty().Max();

    protected static DateTimeOffset Now => TimeProvider.System.GetUtcNow();
}
