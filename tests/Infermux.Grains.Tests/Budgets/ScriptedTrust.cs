using Infermux.Core.Budgets;
using Infermux.Grains.Budgets;

namespace Infermux.Grains.Tests.Budgets;

/// <summary>A ledger whose epoch a test sets; what is set is found when the store is asked the next time.</summary>
internal sealed class ScriptedTrust : ILedgerTrust
{
    public LedgerTrust Stored { get; set; } = new("one", 0, null);

    public LedgerTrust Current { get; private set; } = new("one", 0, null);

    public LedgerMark? Doubts { get; private set; }

    public Task<LedgerTrust> ConfirmAsync() => Task.FromResult(Current = Stored);

    public Task DoubtAsync(LedgerMark seen)
    {
        (Doubts, Stored) = (seen, Stored with { Doubt = "doubted" });
        return ConfirmAsync();
    }
}
