using System.Collections.Immutable;

namespace Infermux.Core.Budgets;

/// <summary>An operation that nobody resolved in time: what expiry charged, kept so that a late settle can correct it.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="ReservedAt">When it was reserved.</param>
/// <param name="Held">What it held, USD.</param>
/// <param name="Rows">What was booked.</param>
/// <param name="ForgetAt">From then on the charge stands for good.</param>
public sealed record ExpiredOperation(
    Guid Operation, DateTimeOffset ReservedAt, decimal Held, ImmutableArray<CostRow> Rows, DateTimeOffset ForgetAt)
{
    /// <summary>What was charged, USD.</summary>
    public decimal Charged
    {
        get
        {
            var charged = 0m;
            foreach (var row in Rows)
            {
                charged += row.Sums.Cost;
            }

            return charged;
        }
    }
}
