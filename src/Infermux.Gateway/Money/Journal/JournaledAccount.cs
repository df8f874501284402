namespace Infermux.Gateway.Money.Journal;

/// <summary>What an earlier incarnation left unacknowledged for one account.</summary>
/// <param name="Incarnation">Whose numbers these are.</param>
/// <param name="Account">The account.</param>
/// <param name="Settlements">Ascending by number.</param>
internal sealed record JournaledAccount(Guid Incarnation, string Account, IReadOnlyList<PendingSettle> Settlements);
