using Infermux.Core.Costs;

namespace Infermux.Grains.Contracts.Ledger;

/// <summary>Asks for sums of cost rows.</summary>
/// <param name="By">What to tell apart; the rest is added up, and empty in the answer.</param>
/// <param name="Caller">Only this caller; null for all.</param>
[GenerateSerializer, Immutable, Alias("infermux.ledger-query.v1")]
public sealed record LedgerQuery([property: Id(0)] CostDimensions By, [property: Id(1)] string? Caller = null);
