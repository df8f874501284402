using System.Globalization;

namespace Infermux.Grains.Ledger;

/// <summary>One UTC day of one shard: what a <see cref="LedgerGrain"/> owns.</summary>
internal readonly record struct LedgerDay(DateOnly Day, int Shard)
{
    public LedgerMonth Month => new(new DateOnly(Day.Year, Day.Month, 1), Shard);

    /// <summary>From a grain's key, <c>yyyy-MM-dd/shard</c>.</summary>
    public static LedgerDay Parse(string key)
    {
        var (date, shard) = LedgerKeys.Split(key);
        return new LedgerDay(DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture), shard);
    }
}
