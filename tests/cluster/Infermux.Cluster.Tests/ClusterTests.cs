using System.Globalization;
using System.Text.Json.Nodes;
using Infermux.Cluster.Audit;
using Infermux.Cluster.Load;
using Infermux.Cluster.Topology;
using Infermux.Testing;

namespace Infermux.Cluster.Tests;

/// <summary>Tests over a cluster of real processes. Where one fails, what each process printed is attached to it.</summary>
public abstract class ClusterTests : IAsyncDisposable
{
    private readonly List<LocalCluster> _clusters = [];

    internal CallLog Log { get; } = new();

    public virtual async ValueTask DisposeAsync()
    {
        for (var n = 0; n < _clusters.Count; n++)
        {
            if (TestContext.Current.TestState?.Result == TestResult.Failed)
            {
                Attach(_clusters[n], _clusters.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"cluster-{n + 1}-"));
            }

            await _clusters[n].DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    internal async Task<LocalCluster> StartAsync(ClusterPlan plan)
    {
        var cluster = await LocalCluster.StartAsync(plan);
        _clusters.Add(cluster);
        return cluster;
    }

    internal static void Say(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);

    /// <summary>Lets the books come to rest, prints a line for each invariant, and insists on all of them.</summary>
    internal async Task<AuditReport> AuditAsync(LocalCluster cluster, bool modelPerCall = false, TimeSpan? quietLimit = null, Node? asked = null)
    {
        var report = await new Auditor(cluster, Log)
        {
            ModelPerCall = modelPerCall,
            QuietLimit = quietLimit ?? TimeSpan.FromSeconds(20),
            Asked = asked,
        }.AuditAsync();
        Say(report.ToString());
        Assert.True(report.Holds, report.ToString());
        return report;
    }

    internal void NobodyFailed() => Assert.True(!Log.Failed.Any(), $"{Log.Summary()}\n{Log.Failures()}");

    /// <summary>Waits for the circuit of the provider <c>primary</c> to open: when its owner did that, by its own clock, which is this machine's.</summary>
    internal static async Task<DateTimeOffset> OpenedAsync(LocalCluster cluster)
    {
        DateTimeOffset? opened = null;
        await Eventually.HoldsAsync(
            async () => (opened = (await PrimaryAsync(cluster.Nodes.First(node => node.Kind.Serves)))["circuit_opened_at"]?.GetValue<DateTimeOffset>()) is not null,
            TimeSpan.FromSeconds(10),
            () => "the primary's circuit opens");
        return opened!.Value;
    }

    /// <summary>What a process that serves says of the provider <c>primary</c>.</summary>
    internal static async Task<JsonNode> PrimaryAsync(Node node) =>
        (await node.GetJsonAsync("/_infermux/providers")).AsArray().Single(row => row!["name"]!.GetValue<string>() == "primary")!;

    /// <param name="cluster">Whose processes.</param>
    /// <param name="prefix">Of their names: those of two clusters are the same.</param>
    private static void Attach(LocalCluster cluster, string prefix)
    {
        var folder = Directory.CreateTempSubdirectory("infermux-cluster-failed-").FullName; // kept: somebody will want to read it
        foreach (var (name, text) in cluster.Logs)
        {
            File.WriteAllText(Path.Combine(folder, $"{name}.log"), text);
            TestContext.Current.AddAttachment($"{prefix}{name}.log", text);
        }

        Say($"What every process printed is in {folder}.");
    }
}
