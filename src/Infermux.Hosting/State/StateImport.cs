using System.Text;
using Infermux.Hosting.Ledger;
using StackExchange.Redis;

namespace Infermux.Hosting.State;

/// <summary>
/// Puts the state of a file into an empty store, after the whole file was found good. While it is under way the store's ledger is in doubt, so that a process
/// which starts on half of the accounts refuses hard budgets; the file's own epoch ends that as the last write.
/// </summary>
public static class StateImport
{
    private const int AtOnce = 100;
    private static readonly byte[] EpochKey = Encoding.UTF8.GetBytes(LedgerEpochStore.Name);

    /// <summary>Checks the file and the store, then writes; returns how many entries were written and how many had expired since the file was taken.</summary>
    /// <param name="redis">The store.</param>
    /// <param name="serviceId"><c>cluster.service_id</c> there; it may differ from where the file was taken.</param>
    /// <param name="file">Read twice, so it must be able to go back.</param>
    /// <param name="now">The time of this machine.</param>
    /// <param name="cancellationToken">Stops in the middle: the store is then in doubt, and must be emptied.</param>
    /// <exception cref="StateFileException">The file is not whole, or the store not empty; nothing was written.</exception>
    public static async Task<(long Written, long Expired)> ReadAsync(
        IConnectionMultiplexer redis, string serviceId, Stream file, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(redis);
        ArgumentNullException.ThrowIfNull(file);
        var entries = await StateFileReader.ReadAsync(file, cancellationToken).LongCountAsync(cancellationToken);
        var (keys, database) = (new StoredKeys(redis, serviceId), redis.GetDatabase());
        if (await keys.LivingSiloAsync(now) is { } silo)
        {
            throw new StateFileException($"A silo runs on this store ({silo}). Stop all processes first; a killed one is forgotten after 15 s.");
        }

        await ThrowUnlessEmptyAsync(keys, serviceId);
        await database.HashSetAsync(keys.Stored(EpochKey), [new(LedgerEpochStore.Epoch, "unfinished-import"), new(LedgerEpochStore.Doubted, "1")]);
        var (writing, expired, epoch) = (new List<Task>(), 0L, (StateEntry?)null);
        await foreach (var entry in StateFileReader.ReadAsync(file, cancellationToken))
        {
            if (entry.ExpiresAt <= now)
            {
                expired++;
            }
            else if (entry.Key.AsSpan().SequenceEqual(EpochKey))
            {
                epoch = entry;
            }
            else
            {
                writing.Add(WriteAsync(database, keys.Stored(entry.Key), entry, now));
            }

            if (writing.Count == AtOnce)
            {
                await Task.WhenAll(writing);
                writing.Clear();
            }
        }

        await Task.WhenAll(writing);
        await TrustAsync(database, keys.Stored(EpochKey), epoch);
        return (entries - expired, expired);
    }

    private static async Task ThrowUnlessEmptyAsync(StoredKeys keys, string serviceId)
    {
        await foreach (var found in keys.AllAsync())
        {
            throw new StateFileException(
                $"The store already holds state ('{serviceId}/{Encoding.UTF8.GetString(found)}'), and two ledgers cannot be made one. Nothing was written. If "
                + "it may go (an import that did not end is such a case), empty it: with 'redis' FLUSHDB, or take another cluster.service_id; with 'embedded' "
                + "move 'store' in cluster.data_dir away.");
        }
    }

    /// <summary>The epoch takes the place of the doubt; nothing of the doubt is left after it.</summary>
    private static async Task TrustAsync(IDatabase database, RedisKey key, StateEntry? epoch)
    {
        if (epoch?.Hash is not { } fields)
        {
            await database.KeyDeleteAsync(key); // of a store that was never used
            return;
        }

        await database.HashSetAsync(key, [.. fields.Select(field => new HashEntry(field.Name, field.Value))]);
        if (!fields.Any(field => field.Name.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(LedgerEpochStore.Doubted))))
        {
            await database.HashDeleteAsync(key, LedgerEpochStore.Doubted);
        }
    }

    private static async Task WriteAsync(IDatabase database, RedisKey key, StateEntry entry, DateTimeOffset now)
    {
        if (entry.Hash is { } hash)
        {
            await database.HashSetAsync(key, [.. hash.Select(field => new HashEntry(field.Name, field.Value))]);
        }
        else
        {
            await database.SortedSetAddAsync(key, [.. entry.SortedSet!.Select(member => new SortedSetEntry(member.Member, member.Score))]);
        }

        if (entry.ExpiresAt is { } expires)
        {
            await database.KeyExpireAsync(key, expires - now);
        }
    }
}
