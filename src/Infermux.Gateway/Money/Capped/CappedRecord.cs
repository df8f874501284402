using Infermux.Core.Configuration;

namespace Infermux.Gateway.Money.Capped;

/// <summary>One line of the file: what an account has spent so far, an attempt that begins, or an operation that ended.</summary>
/// <param name="Account">Whose.</param>
/// <param name="Kind">Length of the period.</param>
/// <param name="Start">First day of the period.</param>
/// <param name="Usd">What the attempt can cost at most, what the operation was billed, or without <paramref name="Operation"/> what was spent before.</param>
/// <param name="Operation">Null: a sum.</param>
/// <param name="Attempt">Null: the operation ended.</param>
internal sealed record CappedRecord(string Account, BudgetPeriod Kind, DateOnly Start, decimal Usd, Guid? Operation = null, int? Attempt = null);
