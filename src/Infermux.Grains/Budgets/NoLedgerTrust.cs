using Infermux.Core.Budgets;

namespace Infermux.Grains.Budgets;

/// <summary>For a store that ends with its process: it cannot come back as another one.</summary>
internal sealed class NoLedgerTrust : ILedgerTrust
{
    public LedgerTrust Current => LedgerTrust.NotKept;

    public Task<LedgerTrust> ConfirmAsync() => Task.FromResult(LedgerTrust.NotKept);

    public Task DoubtAsync(LedgerMark seen) => Task.CompletedTask;
}
