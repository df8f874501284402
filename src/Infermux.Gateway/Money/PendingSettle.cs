using Infermux.Gateway.Money.Journal;
using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Money;

/// <summary>A numbered settlement that its account has not acknowledged.</summary>
/// <param name="Number">1, 2, 3 … per incarnation and account.</param>
/// <param name="Settlement">What was billed.</param>
/// <param name="Place">Where the journal keeps it.</param>
internal readonly record struct PendingSettle(long Number, Settlement Settlement, JournalPlace Place);
