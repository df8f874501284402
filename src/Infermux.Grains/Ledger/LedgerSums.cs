using Infermux.Core.Costs;
using Infermux.Grains.Contracts.Ledger;

namespace Infermux.Grains.Ledger;

/// <summary>Answers queries over rows.</summary>
internal static class LedgerSums
{
    public static IReadOnlyList<LedgerRow> Of(IEnumerable<CostRow> rows, LedgerQuery query) =>
        [.. CostTable.Of(rows, query.By, query.Caller).Rows.Select(row => LedgerRow.From(row.Key, row.Value))];
}
