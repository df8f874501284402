namespace Infermux.Hosting.Ledger;

/// <summary><c>cluster.ledger_epoch</c>.</summary>
/// <param name="Epoch">Null where none is pinned.</param>
internal sealed record PinnedEpoch(string? Epoch);
