namespace Infermux.Core.Budgets;

/// <summary>Bills of one gateway, numbered one by one without gaps.</summary>
/// <param name="Gateway">The gateway's incarnation.</param>
/// <param name="Number">Number of the last bill.</param>
/// <param name="Bills">In order.</param>
public sealed record BillBatch(Guid Gateway, long Number, IReadOnlyList<Bill> Bills);
