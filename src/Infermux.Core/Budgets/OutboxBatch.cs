using System.Collections.Immutable;

namespace Infermux.Core.Budgets;

/// <summary>Rows of one day that go to the ledger under one number until they are acknowledged.</summary>
/// <param name="Day">The day.</param>
/// <param name="Number">Above every earlier number of the account.</param>
/// <param name="Rows">The rows; they never change once sealed.</param>
public sealed record OutboxBatch(DateOnly Day, long Number, ImmutableArray<CostRow> Rows);
