namespace Infermux.Core.Costs;

/// <summary>Sums and what they are of.</summary>
/// <param name="Key">What they are of.</param>
/// <param name="Sums">The sums.</param>
public readonly record struct CostRow(CostKey Key, CostSums Sums);
