using Infermux.Core.Costs;

namespace Infermux.Core.Budgets;

/// <summary>A cost row on its way to the ledger.</summary>
/// <param name="Key">Where it is added.</param>
/// <param name="Sums">What is added.</param>
public readonly record struct CostRow(CostKey Key, CostSums Sums);
