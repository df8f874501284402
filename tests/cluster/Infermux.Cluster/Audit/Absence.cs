using Infermux.Cluster.Load;

namespace Infermux.Cluster.Audit;

/// <summary>When a part was away, by the harness's doing, that a promise has as its condition.</summary>
internal sealed record Absence(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Whether a request waited in it.</summary>
    public bool Concerns(CallRecord record) => record.Due <= To && record.Due + record.Wait >= From;
}
