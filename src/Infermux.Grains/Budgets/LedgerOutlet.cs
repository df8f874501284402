using Infermux.Core.Budgets;
using Infermux.Grains.Contracts.Ledger;

namespace Infermux.Grains.Budgets;

/// <summary>Sends outboxes to the ledger grain of their day and shard.</summary>
internal sealed class LedgerOutlet(IGrainFactory grains) : ILedgerOutlet
{
    /// <inheritdoc/>
    public Task BookAsync(string account, OutboxBatch batch) =>
        grains.GetGrain<ILedgerGrain>(LedgerAddress.DayKey(batch.Day, LedgerAddress.ShardOf(account))).BookAsync(AccountWire.Batch(account, batch));
}
