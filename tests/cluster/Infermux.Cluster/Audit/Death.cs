namespace Infermux.Cluster.Audit;

/// <summary>The end of a process that the harness brought about.</summary>
/// <param name="At">When.</param>
/// <param name="Served">Whether it answered callers: what it had accepted dies with it.</param>
/// <param name="Told">By SIGTERM; false: kill -9.</param>
internal sealed record Death(DateTimeOffset At, bool Served, bool Told);
