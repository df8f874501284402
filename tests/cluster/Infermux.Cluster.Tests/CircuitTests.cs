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

    /// <summary>Answers after which a process has compiled what a request needs: a bound in milliseconds says nothing before.</summary>
    private const int WarmAfter = 134;

    /// <summary>I2: from the outcome that trips the circuit to the last selection anywhere; and what a request needs from its selection to the provider.</summary>
    private static readonly TimeSpan LearnedWithin = TimeSpan.FromMilliseconds(250 + 50);

    [Fact]
    public Task PrimaryDies_EveryGatewayStopsAndOneProbeInTheClusterGoesOutPerRecoveryWindow() =>
        DiesAndRecoversAsync([NodeKind.AllInOne, NodeKind.AllInOne, NodeKind.AllInOne]);

    [Fact]
    public Task F38_EightGatewaysWaitForTheProvider_SendOneProbePerRecoveryWindowUntilOneSucceeds() => DiesAndRecoversAsync(ClusterPlan.Split(2, 8));

    [Fact]
    public async Task F39_TheGatewayThatProbesIsKilled_TheNextProbeGoesOutAfterItsPermitAndTheRecoveryWindow()
    {
        var cluster = await StartAsync(new ClusterPlan
        {
            Nodes = ClusterPlan.Split(2, 3),
            Providers = ["primary", "second"],
            More = """
                routing: {strategy: priority}
                circuit_breaker: {consecutive_failures: 5, recovery_window: 2s, probe_timeout: 3s}
                budgets:
                  callers: [{caller: "*", limit_usd: 100, action: hard_stop}]
                """,
        });
        var primary = cluster.Provider("primary").Scripted;
        var gateways = cluster.Gateways.ToDictionary(node => node.Name, StringComparer.Ordinal);
        var over = gateways.Keys.ToDictionary(name => name, _ => new CancellationTokenSource(), StringComparer.Ordinal);
        var loads = gateways.Values.Select(node => LoadOfItsOwnAsync(node, over[node.Name].Token)).ToArray();
        await primary.WaitForAsync(truth => truth.Answered >= gateways.Count * WarmAfter, TestContext.Current.CancellationToken);

        primary.Behaviour = Behaviour.Fails(500);
        var opened = await OpenedAsync(cluster);
        primary.Behaviour = Behaviour.Breaks(Fault.StallBeforeHead);
        await primary.WaitForAsync(_ => ProbesAfter(primary, opened).Count > 0, TestContext.Current.CancellationToken);
        var probe = ProbesAfter(primary, opened)[0];
        var victim = gateways[probe.Caller]; // each gateway has a caller of its name
        await over[victim.Name].CancelAsync();
        await victim.KillAsync();
        primary.CalmDown();
        await primary.WaitForAsync(_ => ProbesAfter(primary, opened).Count > 1, TestContext.Current.CancellationToken);
        var next = ProbesAfter(primary, opened)[1];
        await Eventually.HoldsAsync(
            async () => await AllSayAsync(gateways.Values.Where(node => node != victim), "closed"),
            TimeSpan.FromSeconds(6),
            () => "every gateway that is left sees the circuit closed");
        foreach (var ending in over.Values)
        {
            await ending.CancelAsync();
        }

        await Task.WhenAll(loads);
        over.Values.ToList().ForEach(ending => ending.Dispose());
        await victim.StartAsync(); // its journal replays

        Say(Log.Summary());
        var after = next.Started - probe.Started;
        Say(string.Create(CultureInfo.InvariantCulture, $"{probe.Caller} probed and was killed; {next.Caller} probed {after.TotalSeconds:0.00} s after it"));
        Assert.NotEqual(probe.Caller, next.Caller);
        var permitAndWindow = TimeSpan.FromSeconds(3 + 1 + 2); // probe_timeout, PermitGrace, recovery_window
        Assert.InRange(after, permitAndWindow - TimeSpan.FromSeconds(0.2), permitAndWindow + TimeSpan.FromSeconds(2));
        Assert.Equal([probe.Caller], Log.Failed.Select(record => record.Caller).Distinct(StringComparer.Ordinal));
        await AuditAsync(cluster, quietLimit: TimeSpan.FromSeconds(45)); // the hold of what was cut lives 30 s
    }

    private async Task DiesAndRecoversAsync(IReadOnlyList<NodeKind> nodes)
    {
        var cluster = await StartAsync(new ClusterPlan
        {
            Nodes = nodes,
            Providers = ["primary", "second"],
            More = """
                routing: {strategy: priority}
                circuit_breaker: {consecutive_failures: 5, recovery_window: 2s}
                """,
        });
        var serve = cluster.Nodes.Where(node => node.Kind.Serves).ToArray();
        var (primary, second) = (cluster.Provider("primary").Scripted, cluster.Provider("second").Scripted);
        using var callers = new Callers(cluster.Address, TimeProvider.System);
        using var over = new CancellationTokenSource();
        var load = new SteadyLoad(callers, Log, TimeProvider.System) { PerSecond = 60 }.RunAsync(over.Token);
        await primary.WaitForAsync(truth => truth.Answered >= serve.Length * WarmAfter, TestContext.Current.CancellationToken);

        primary.Behaviour = Behaviour.Fails(500);
        var opened = await OpenedAsync(cluster);
        await primary.WaitForAsync(truth => ProbesAfter(primary, opened).Count >= 4, TestContext.Current.CancellationToken);
        var asked = primary.Requests.Where(request => request.Started >= opened).Select(request => request.Started - opened).ToArray();
        primary.CalmDown();
        await Eventually.HoldsAsync(async () => await AllSayAsync(serve, "closed"), TimeSpan.FromSeconds(6), () => "every gateway sees the circuit closed");
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

    private async Task LoadOfItsOwnAsync(Node node, CancellationToken ending)
    {
        using var callers = new Callers(node.Address, TimeProvider.System);
        await new SteadyLoad(callers, Log, TimeProvider.System) { PerSecond = 20, Names = [node.Name] }.RunAsync(ending);
    }

    private static List<RequestRecord> ProbesAfter(ScriptedProvider primary, DateTimeOffset opened) =>
        [.. primary.Requests.Where(request => request.Started >= opened + (RecoveryWindow * 0.9))];

    private static async Task<bool> AllSayAsync(IEnumerable<Node> nodes, string circuit)
    {
        var rows = await Task.WhenAll(nodes.Select(PrimaryAsync));
        return rows.All(row => row["circuit"]!.GetValue<string>() == circuit);
    }
}
