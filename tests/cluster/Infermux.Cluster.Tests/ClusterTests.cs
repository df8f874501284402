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
        foreach (var cluster in _clusters)
        {
            if (TestContext.Current.TestState?.Result == TestResult.Failed)
            {
                Attach(cluster);
            }

            await cluster.DisposeAsync();
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

    private static void Attach(LocalCluster cluster)
    {
        var folder = Directory.CreateTempSubdirectory("infermux-cluster-failed-").FullName; // kept: somebody will want to read it
        foreach (var (name, text) in cluster.Logs)
        {
            File.WriteAllText(Path.Combine(folder, $"{name}.log"), text);
            TestContext.Current.AddAttachment($"{name}.log", text);
        }

        Say($"What every process printed is in {folder}.");
    }
}
