namespace Infermux.Cluster.Audit;

/// <summary>One invariant of the design as the auditor found it.</summary>
/// <param name="Name">Its number, such as <c>I5</c>.</param>
/// <param name="Holds">Whether it does.</param>
/// <param name="Found">What was compared, in figures.</param>
internal sealed record Invariant(string Name, bool Holds, string Found)
{
    public override string ToString() => $"{Name} {(Holds ? "holds" : "BROKEN")}: {Found}";
}
