using Infermux.Core.Configuration;
using Infermux.Core.Configuration.Keys;

namespace Infermux.Hosting.Clustering;

/// <summary>Processes that do a part of the work each find one another through a store they share.</summary>
public static class SharedStore
{
    /// <summary>Why a process of one role cannot run on this file and what to change; null where it can.</summary>
    public static ConfigProblem? Refuse(ClusterOptions cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return cluster.Store == StoreKind.Redis ? null : new ConfigProblem(
            "cluster.store",
            $"'{ConfigWords.Of(cluster.Store)}' belongs to one process, and this one does only a part of the work.",
            "Set 'cluster.store: redis' and 'cluster.redis: host:6379' for all processes, or run everything in one with 'infermux serve'.");
    }
}
