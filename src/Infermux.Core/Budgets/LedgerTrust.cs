namespace Infermux.Core.Budgets;

/// <summary>Whether the store still holds the ledger it held. Pure: what is pinned, what is remembered and what the store says go in.</summary>
/// <param name="Epoch">The ledger; empty where none is kept, or none is there.</param>
/// <param name="Adopted">When an operator last accepted it; 0: never.</param>
/// <param name="Doubt">Why nothing may be granted under a hard limit; null: it is the one it was.</param>
public sealed record LedgerTrust(string Epoch, long Adopted, string? Doubt)
{
    /// <summary>Of a store that ends with its process and so cannot be another one.</summary>
    public static LedgerTrust NotKept { get; } = new("", 0, null);

    /// <summary>Whether hard limits may grant.</summary>
    public bool Holds => Doubt is null;

    /// <summary>Judges what the store says.</summary>
    /// <param name="pinned"><c>cluster.ledger_epoch</c>, or null.</param>
    /// <param name="known">What this process saw before; null at its start.</param>
    /// <param name="stored">What the store says; null where it says nothing. With neither <paramref name="pinned"/> nor <paramref name="known"/> that is a first start.</param>
    public static LedgerTrust Judge(string? pinned, LedgerTrust? known, StoredEpoch? stored)
    {
        if (stored is null)
        {
            return new("", known?.Adopted ?? 0, pinned is null && known is null ? null : "the store has no ledger epoch any more: it was emptied");
        }

        var doubt = stored switch
        {
            { Doubted: true } => "a gateway remembers another ledger than the store's",
            _ when pinned is not null && !Same(pinned, stored.Epoch) => $"the store's ledger epoch is {stored.Epoch} and cluster.ledger_epoch is {pinned}",
            _ when known is not null && !Same(known.Epoch, stored.Epoch) && stored.Adopted <= known.Adopted =>
                $"the store's ledger epoch was {known.Epoch} and is {stored.Epoch}",
            _ => null,
        };
        return new(stored.Epoch, stored.Adopted, doubt);
    }

    /// <summary>Whether what a gateway remembers is another ledger than this one.</summary>
    public bool IsContradictedBy(LedgerMark? seen) =>
        seen is { Epoch.Length: > 0 } && Epoch.Length > 0 && !Same(seen.Epoch, Epoch) && seen.Adopted >= Adopted;

    /// <summary>The mark of an account at a version.</summary>
    public LedgerMark Mark(long version) => new(Epoch, Adopted, version);

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.Ordinal);
}
