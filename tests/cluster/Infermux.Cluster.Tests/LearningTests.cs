using System.Globalization;
using Infermux.Cluster.Load;
using Infermux.Cluster.Topology;
using Infermux.Testing;

namespace Infermux.Cluster.Tests;

/// <summary>
/// I2: from the outcome that trips a circuit to the last selection of its provider anywhere, over three processes and 200 trips. Measured at the provider,
/// so with what a request needs from its selection to there; the owner's clock is this machine's.
/// </summary>
[Collection(OneAtATime.Name)]
public sealed class LearningTests : ClusterTests
{
    private const int Trips = 200;

    /// <summary>What a request needs from its selection to the provider.</summary>
    private const int OnTheWay = 50;

    /// <summary>Answers after which three processes have compiled what a request needs.</summary>
    private const int WarmAfter = 400;

    [Fact]
    public async Task Pushed_TwoHundredTrips_AreLearnedEverywhereWithin250Milliseconds() =>
        Assert.InRange(await P99Async(NodeKind.AllInOne, "pushed"), 0, 250 + OnTheWay);

    [Fact]
    public async Task PushesCut_TwoHundredTrips_AreLearnedByThePollWithin1500Milliseconds() =>
        Assert.InRange(await P99Async(NodeKind.AllInOne with { Environment = ["INFERMUX_DEBUG_VIEW_PUSHES=off"] }, "by the poll alone"), 0, 1_500 + OnTheWay);

    private async Task<double> P99Async(NodeKind kind, string how)
    {
        var cluster = await StartAsync(new ClusterPlan
        {
            Nodes = [kind, kind, kind],
            Providers = ["primary", "second"],
            More = """
                routing: {strategy: priority}
                circuit_breaker: {consecutive_failures: 5, recovery_window: 60s}
                """,
        });
        var primary = cluster.Provider("primary").Scripted;
        using var callers = new Callers(cluster.Address, TimeProvider.System);
        using var over = new CancellationTokenSource();
        var load = new SteadyLoad(callers, Log, TimeProvider.System) { PerSecond = 90 }.RunAsync(over.Token);
        await primary.WaitForAsync(truth => truth.Answered >= WarmAfter, TestContext.Current.CancellationToken);

        var learned = new List<double>();
        while (learned.Count < Trips)
        {
            learned.Add(await TripAsync(cluster, primary));
        }

        await over.CancelAsync();
        await load;
        NobodyFailed();
        learned.Sort();
        Say(string.Create(CultureInfo.InvariantCulture, $"{how}: {Trips} trips, last selection p50 {At(0.5):0} ms, p99 {At(0.99):0} ms, worst {learned[^1]:0} ms"));
        return At(0.99);

        double At(double share) => learned[(int)Math.Min(Trips - 1, share * Trips)];
    }

    /// <summary>Breaks the provider until every process knows, and mends it; ms from the trip to the last request that reached it.</summary>
    private static async Task<double> TripAsync(LocalCluster cluster, ScriptedProvider primary)
    {
        primary.Behaviour = Behaviour.Fails(500);
        DateTimeOffset? opened = null;
        await Eventually.HoldsAsync(
            async () => (await Task.WhenAll(cluster.Nodes.Select(OpenedAsync))).All(at => (opened = at) is not null), TimeSpan.FromSeconds(20), () => "it opens everywhere");
        var last = primary.Requests.Where(request => request.Started >= opened).Select(request => request.Started).Max(started => (DateTimeOffset?)started);
        primary.CalmDown();
        using var reset = await cluster.Nodes[0].Client.PostAsync(new Uri("/_infermux/providers/primary/circuit/reset", UriKind.Relative), null);
        reset.EnsureSuccessStatusCode();
        await Eventually.HoldsAsync(
            async () => (await Task.WhenAll(cluster.Nodes.Select(OpenedAsync))).All(at => at is null), TimeSpan.FromSeconds(20), () => "it closes everywhere");
        return (last - opened)?.TotalMilliseconds ?? 0;
    }

    private static async Task<DateTimeOffset?> OpenedAsync(Node node) => (await PrimaryAsync(node))["circuit_opened_at"]?.GetValue<DateTimeOffset>();
}
