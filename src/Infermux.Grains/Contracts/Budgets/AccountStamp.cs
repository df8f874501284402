namespace Infermux.Grains.Contracts.Budgets;

/// <summary>What every answer of an account tells besides: who answered, and when.</summary>
/// <param name="SiloTime">Its silo's clock, which not-afters are compared with.</param>
/// <param name="Incarnation">The activation that answered.</param>
/// <param name="Ledger">How far its ledger has come; null where it is in doubt.</param>
[GenerateSerializer, Immutable, Alias("infermux.account-stamp.v1")]
public sealed record AccountStamp([property: Id(0)] DateTimeOffset SiloTime, [property: Id(1)] long Incarnation, [property: Id(2)] LedgerSeen? Ledger = null);
