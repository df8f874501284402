namespace Infermux.Core.Costs;

/// <summary>What must be written so that a store holds what a <see cref="CostBook"/> does: whole new values, not differences.</summary>
public sealed class CostChange
{
    /// <summary>Rows by hour.</summary>
    public IDictionary<CostKey, CostSums> Hours { get; } = new Dictionary<CostKey, CostSums>();

    /// <summary>Rows by day.</summary>
    public IDictionary<CostKey, CostSums> Days { get; } = new Dictionary<CostKey, CostSums>();

    /// <summary>Last number per account.</summary>
    public IDictionary<string, long> Numbers { get; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Whether there is nothing to write.</summary>
    public bool IsEmpty => Numbers.Count == 0;
}
