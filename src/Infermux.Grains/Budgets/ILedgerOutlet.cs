using Infermux.Core.Budgets;

namespace Infermux.Grains.Budgets;

/// <summary>Where an account's outbox goes.</summary>
internal interface ILedgerOutlet
{
    /// <summary>Books a batch; durable when it returns, and safe to repeat under its number.</summary>
    Task BookAsync(string account, OutboxBatch batch);
}
