using Infermux.Cluster.Load;

namespace Infermux.Cluster.Audit;

/// <summary>The end of a process that the harness brought about.</summary>
/// <param name="At">When.</param>
/// <param name="Served">Whether it answered callers: what it had accepted dies with it.</param>
/// <param name="Told">By SIGTERM; false: kill -9.</param>
internal sealed record Death(DateTimeOffset At, bool Served, bool Told)
{
    /// <summary>When it was gone. Until then the system accepts connections in its name, and gives its memory back first: on a busy machine a tenth of a second.</summary>
    public DateTimeOffset Gone { get; init; } = At;

    /// <summary>Whether it may have cut a request: sent before it was gone, and not over when it died.</summary>
    public bool MayHaveCut(CallRecord record) => record.Due <= Gone && At <= record.Due + record.Took + TimeSpan.FromSeconds(1);
}
