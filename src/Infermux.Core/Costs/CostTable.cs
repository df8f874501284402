namespace Infermux.Core.Costs;

/// <summary>Adds rows up by their key.</summary>
public sealed class CostTable
{
    private readonly Dictionary<CostKey, CostSums> _sums = [];

    /// <summary>The sums so far, in no order.</summary>
    public IReadOnlyDictionary<CostKey, CostSums> Rows => _sums;

    /// <summary>The sums of <paramref name="key"/>; zeros where there are none.</summary>
    public CostSums this[CostKey key] => _sums.GetValueOrDefault(key);

    /// <summary>Adds to the sums of <paramref name="key"/> and returns them.</summary>
    public CostSums Add(CostKey key, CostSums sums) => _sums[key] = _sums.GetValueOrDefault(key) + sums;

    /// <summary>The rows of one caller, or of all with null, told apart by nothing but <paramref name="dimensions"/>.</summary>
    public static CostTable Of(IEnumerable<CostRow> rows, CostDimensions dimensions, string? caller = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var table = new CostTable();
        foreach (var (key, sums) in rows)
        {
            if (caller is null || string.Equals(key.Caller, caller, StringComparison.Ordinal))
            {
                table.Add(key.Keep(dimensions), sums);
            }
        }

        return table;
    }
}
