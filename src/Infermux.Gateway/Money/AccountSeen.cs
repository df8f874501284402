using Infermux.Core.Clocks;
using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Money;

/// <summary>What one account's answers told.</summary>
/// <param name="Incarnation">The activation that answered.</param>
/// <param name="Clock">Its silo's clock; null where no answer came fast enough to tell.</param>
/// <param name="Ledger">The furthest its ledger was seen.</param>
internal sealed record AccountSeen(long Incarnation, RemoteClock? Clock, LedgerSeen? Ledger);
