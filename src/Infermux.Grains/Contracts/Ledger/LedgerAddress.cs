using System.Globalization;
using System.Text;

namespace Infermux.Grains.Contracts.Ledger;

/// <summary>Where cost rows live: which shard an account belongs to, and the grain keys made of it.</summary>
public static class LedgerAddress
{
    /// <summary>How many shards share a day. Stored rows depend on it: it never changes.</summary>
    public const int Shards = 16;

    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    /// <summary>Shard 0 … 15 of an account: FNV-1a over its UTF-8 bytes, the same on every machine and in every version.</summary>
    public static int ShardOf(string account)
    {
        ArgumentNullException.ThrowIfNull(account);
        var hash = FnvOffset;
        foreach (var unit in Encoding.UTF8.GetBytes(account))
        {
            hash = unchecked((hash ^ unit) * FnvPrime);
        }

        // FNV's low bits depend on few input bits; folding brings the high ones in.
        return (int)((hash ^ (hash >> 32)) % Shards);
    }

    /// <summary>Key of the <see cref="ILedgerGrain"/> that books what <paramref name="account"/> spent in the UTC day of <paramref name="hour"/>.</summary>
    public static string DayKey(string account, DateTimeOffset hour) => DayKey(DateOnly.FromDateTime(hour.UtcDateTime), ShardOf(account));

    /// <summary>Key of the <see cref="ILedgerGrain"/> of one day and shard: <c>yyyy-MM-dd/shard</c>.</summary>
    public static string DayKey(DateOnly day, int shard) => string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd}/{shard}");

    /// <summary>Key of the <see cref="ILedgerMonthGrain"/> of one month and shard: <c>yyyy-MM/shard</c>.</summary>
    public static string MonthKey(DateOnly month, int shard) => string.Create(CultureInfo.InvariantCulture, $"{month:yyyy-MM}/{shard}");
}
