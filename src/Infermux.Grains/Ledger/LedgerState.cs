using Infermux.Core.Costs;

namespace Infermux.Grains.Ledger;

/// <summary>A day as the store has it.</summary>
/// <param name="Version">Rises by one with each write; 0 where nothing was ever written.</param>
/// <param name="Book">Its rows and numbers.</param>
internal sealed record LedgerState(long Version, CostBook Book);
