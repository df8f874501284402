using System.Globalization;

namespace Infermux.Grains.Ledger;

/// <summary>One UTC month of one shard; <paramref name="First"/> is its first day.</summary>
internal readonly record struct LedgerMonth(DateOnly First, int Shard)
{
    /// <summary>From a grain's key, <c>yyyy-MM/shard</c>.</summary>
    public static LedgerMonth Parse(string key)
    {
        var (month, shard) = LedgerKeys.Split(key);
        return new LedgerMonth(DateOnly.ParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture), shard);
    }
}
