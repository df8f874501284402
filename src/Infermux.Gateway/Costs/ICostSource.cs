using Infermux.Core.Costs;
using Infermux.Grains.Contracts.Ledger;

namespace Infermux.Gateway.Costs;

/// <summary>Reads the ledger over all its shards.</summary>
internal interface ICostSource
{
    /// <summary>Sums over the UTC month of <paramref name="month"/>; told apart by day at the finest.</summary>
    Task<CostTable> MonthAsync(DateOnly month, LedgerQuery query, CancellationToken cancellationToken);

    /// <summary>Sums over the UTC days from <paramref name="first"/> to <paramref name="last"/>; told apart by hour at the finest.</summary>
    Task<CostTable> DaysAsync(DateOnly first, DateOnly last, LedgerQuery query, CancellationToken cancellationToken);
}
