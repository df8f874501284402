using System.Globalization;
using Infermux.Grains.Contracts.Ledger;

namespace Infermux.Grains.Ledger;

/// <summary>Takes grain keys apart.</summary>
internal static class LedgerKeys
{
    /// <exception cref="ArgumentException">Not of the form <c>date/shard</c>.</exception>
    public static (string Date, int Shard) Split(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash > 0
            && int.TryParse(key.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var shard)
            && shard < LedgerAddress.Shards
                ? (key[..slash], shard)
                : throw new ArgumentException($"'{key}' is no ledger key. Make keys with {nameof(LedgerAddress)}.", nameof(key));
    }
}
