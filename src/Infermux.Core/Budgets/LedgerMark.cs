namespace Infermux.Core.Budgets;

/// <summary>How far a ledger had come when an account answered. Gateways remember it and say it with later commands: a store that was emptied or set back is found out by it.</summary>
/// <param name="Epoch">Which ledger: written once by its first start; empty where none is kept.</param>
/// <param name="Adopted">When an operator last accepted the store as it is, in ms since 1970; 0: never. What was seen before is void.</param>
/// <param name="Version">The account's version, which rises with every write; 0 where none was heard.</param>
public sealed record LedgerMark(string Epoch, long Adopted, long Version)
{
    /// <summary>Whether another mark is of the same ledger and adoption, so that versions can be compared.</summary>
    public bool IsOf(LedgerMark other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Adopted == other.Adopted && string.Equals(Epoch, other.Epoch, StringComparison.Ordinal);
    }
}
