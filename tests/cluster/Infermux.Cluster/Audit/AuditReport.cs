namespace Infermux.Cluster.Audit;

/// <summary>What the auditor found: one line for each invariant.</summary>
internal sealed record AuditReport(IReadOnlyList<Invariant> Invariants, decimal Settled, decimal Marked)
{
    public bool Holds => Invariants.All(invariant => invariant.Holds);

    public override string ToString() => string.Join('\n', Invariants);
}
