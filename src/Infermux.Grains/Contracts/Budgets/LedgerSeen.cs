using Infermux.Core.Budgets;

namespace Infermux.Grains.Contracts.Budgets;

/// <summary>A <see cref="LedgerMark"/> on the wire: told by accounts, remembered by gateways and told back.</summary>
/// <param name="Epoch">Which ledger.</param>
/// <param name="Adopted">When an operator last accepted it.</param>
/// <param name="Version">The account's version; 0 where none was heard.</param>
[GenerateSerializer, Immutable, Alias("infermux.ledger-seen.v1")]
public sealed record LedgerSeen([property: Id(0)] string Epoch, [property: Id(1)] long Adopted, [property: Id(2)] long Version)
{
    /// <summary>From Core's words.</summary>
    public static LedgerSeen From(LedgerMark mark)
    {
        ArgumentNullException.ThrowIfNull(mark);
        return new(mark.Epoch, mark.Adopted, mark.Version);
    }

    /// <summary>In Core's words.</summary>
    public LedgerMark ToMark() => new(Epoch, Adopted, Version);
}
