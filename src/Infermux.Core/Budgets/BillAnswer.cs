namespace Infermux.Core.Budgets;

/// <summary>What became of a batch; every new bill in it was charged unless it is counted here.</summary>
/// <param name="Missing">Bills whose numbers were skipped: the account lost something that it had acknowledged.</param>
/// <param name="Stale">Bills of holds that expired more than 24 h ago, whose charge stands.</param>
/// <param name="Excess">USD charged beyond the holds.</param>
public readonly record struct BillAnswer(long Missing, int Stale, decimal Excess);
