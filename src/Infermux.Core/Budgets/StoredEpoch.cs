namespace Infermux.Core.Budgets;

/// <summary>What the store says of its ledger.</summary>
/// <param name="Epoch">Written once.</param>
/// <param name="Adopted">When an operator last accepted it, in ms since 1970; 0: never.</param>
/// <param name="Doubted">Whether a gateway remembered another ledger since.</param>
public sealed record StoredEpoch(string Epoch, long Adopted, bool Doubted);
