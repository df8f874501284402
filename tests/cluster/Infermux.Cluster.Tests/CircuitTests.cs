using System.Globalization;
using Infermux.Cluster.Load;
using Infermux.Cluster.Topology;
using Infermux.Testing;

namespace Infermux.Cluster.Tests;

/// <summary>What the dead provider itself saw: that is where a breaker shows.</summary>
[Collection(OneAtATime.Name)]
public sealed class CircuitTests : ClusterTests
{
    private static readonly TimeSpan RecoveryWindow = TimeSpan.FromSeconds(2);

    /// <summary>Answers after which three processes have compiled what a request needs: a bound in milliseconds says nothing before.</summary>
    private const int WarmAfter = 400;

    /// <summary>I2: from the outcome that trips the circuit to the last selection anywhere; and what a request needs from its selection to the provider.</summary>
    private static readonly TimeSpan LearnedWithin = TimeSpan.FromMilliseconds(250 + 50);

    [Fact]
    public async Task PrimaryDies_EveryGatewayStopsAndOneProbeInTheClusterGoesOutPerRecoveryWindow()
    {
        var cluster = await StartAsync(new ClusterPlan
        {
            Providers = ["primary", "second"],
            More = """
                routing: {strategy: priority}
                circuit_breaker: {consecutive_failures: 5, recovery_window: 2s}
                """,
        });
        var (primary, second) = (cluster.Provider("primary").Scripted, cluster.Provider("second").Scripted);
        using var callers = new Callers(cluster.Address, TimeProvider.System);
        using var over = new CancellationTokenSource();
        var load = new SteadyLoad(callers, Log, TimeProvider.System) { PerSecond = 60 }.RunAsync(over.Token);
        await primary.WaitForAsync(truth => truth.Answered >= WarmAfter, TestContext.Current.CancellationToken);

        primary.Behaviour = Behaviour.Fails(500);
        var opened = await OpenedAsync(cluster.Nodes[0]);
        await primary.WaitForAsync(truth => ProbesAfter(primary, opened).Count >= 4, TestContext.Current.CancellationToken);
        var asked = primary.Requests.Where(request => request.Started >= opened).Select(request => request.Started - opened).ToArray();
        primary.CalmDown();
        await Eventually.HoldsAsync(async () => await AllSayAsync(cluster, "closed"), TimeSpan.FromSeconds(6), () => "every gateway sees the circuit closed");
        var answered = primary.Truth.Answered;
        await primary.WaitForAsync(truth => truth.Answered >= answered + 60, TestContext.Current.CancellationToken);
        await over.CancelAsync();
        await load;

        Say(Log.Summary());
        Say($"primary, ms after its circuit opened: {string.Join(", ", asked.Select(at => at.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)))}");
        NobodyFailed();
        Assert.True(second.Truth.Answered > 0);
        var late = asked.Where(at => at < RecoveryWindow * 0.9).ToArray();
        Assert.All(late, at => Assert.True(at <= LearnedWithin, $"selected {at.TotalMilliseconds:0} ms after it opened"));
        var probes = asked.Where(at => at >= RecoveryWindow * 0.9).ToArray();
        Assert.All(probes.Zip(probes.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, RecoveryWindow * 0.95, RecoveryWindow * 2));
        await AuditAsync(cluster);
    }

    private static List<RequestRecord> ProbesAfter(ScriptedProvider primary, DateTimeOffset opened) =>
        [.. primary.Requests.Where(request => request.Started >= opened + (RecoveryWindow * 0.9))];

    /// <summary>When the owner opened it, by its own clock, which is this machine's.</summary>
    private static async Task<DateTimeOffset> OpenedAsync(Node node)
    {
        DateTimeOffset? opened = null;
        await Eventually.HoldsAsync(
            async () => (opened = (await PrimaryAsync(node))["circuit_opened_at"]?.GetValue<DateTimeOffset>()) is not null,
            TimeSpan.FromSeconds(10),
            () => "the primary's circuit opens");
        return opened!.Value;
    }

    private static async Task<bool> AllSayAsync(LocalCluster cluster, string circuit)
    {
        var rows = await Task.WhenAll(cluster.Nodes.Select(PrimaryAsync));
        return rows.All(row => row["circuit"]!.GetValue<string>() == circuit);
    }

    private static async Task<System.Text.Json.Nodes.JsonNode> PrimaryAsync(Node node) =>
        (await node.GetJsonAsync("/_infermux/providers")).AsArray().Single(row => row!["name"]!.GetValue<string>() == "primary")!;
}
