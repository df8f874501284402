using StackExchange.Redis;

namespace Infermux.Hosting.State;

/// <summary>
/// Copies all state of a store into a file, a line of JSON each: a header, the entries, a footer. Accounts, ledger, circuits, reminders and the ledger's epoch
/// go as they are stored, so nothing can be lost by being understood wrongly. One part of one key is in memory at a time.
/// </summary>
public static class StateExport
{
    private const int PageSize = 500;
    private const int PartBytes = 1 << 20;

    /// <summary>Writes the file; returns how many keys it has.</summary>
    /// <param name="redis">The store, which nobody may write to meanwhile.</param>
    /// <param name="serviceId"><c>cluster.service_id</c>: other keys are somebody else's.</param>
    /// <param name="file">Written to from where it stands.</param>
    /// <param name="now">The time of this machine.</param>
    /// <param name="cancellationToken">Stops in the middle: the file then has no footer and is no use.</param>
    /// <exception cref="StateFileException">A silo still runs, or the store holds a key of a kind that is no state of Infermux.</exception>
    public static async Task<long> WriteAsync(
        IConnectionMultiplexer redis, string serviceId, Stream file, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(redis);
        ArgumentNullException.ThrowIfNull(file);
        var keys = new StoredKeys(redis, serviceId);
        if (await keys.LivingSiloAsync(now) is { } silo)
        {
            throw new StateFileException(
                $"A silo runs on this store ({silo}) and would write meanwhile. Stop all processes first; a killed one is forgotten after 15 s.");
        }

        using var written = new StateFileWriter(file);
        await written.BeginAsync(new StateHeader(StateHeader.Name, StateHeader.Current, serviceId, now), cancellationToken);
        var count = 0L;
        await foreach (var key in keys.AllAsync().WithCancellation(cancellationToken))
        {
            count++;
            await foreach (var part in PartsAsync(redis.GetDatabase(), keys.Stored(key), key, now))
            {
                await written.AddAsync(part, cancellationToken);
            }
        }

        await written.EndAsync(cancellationToken);
        return count > 0 ? count : throw new StateFileException(
            $"The store holds nothing under cluster.service_id '{serviceId}'. Name the file of the processes that used it with --config.");
    }

    /// <summary>None for a key that has expired since it was found.</summary>
    private static async IAsyncEnumerable<StateEntry> PartsAsync(IDatabase database, RedisKey stored, byte[] key, DateTimeOffset now)
    {
        DateTimeOffset? expires = await database.KeyTimeToLiveAsync(stored) is { } left ? now + left : null;
        switch (await database.KeyTypeAsync(stored))
        {
            case RedisType.Hash:
                var fields = database.HashScanAsync(stored, pageSize: PageSize).Select(field => new StateField(field.Name!, field.Value!));
                await foreach (var part in InPartsAsync(fields, field => field.Name.Length + field.Value.Length))
                {
                    yield return new(key, part, null, expires);
                }

                break;
            case RedisType.SortedSet:
                var members = database.SortedSetScanAsync(stored, pageSize: PageSize).Select(member => new StateMember(member.Element!, member.Score));
                await foreach (var part in InPartsAsync(members, member => member.Member.Length))
                {
                    yield return new(key, null, part, expires);
                }

                break;
            case RedisType.None:
                break;
            case var other:
                throw new StateFileException(
                    $"'{stored}' is of type {other}, which is no state of Infermux. Does another program write under cluster.service_id? "
                    + "Move or delete that key.");
        }
    }

    private static async IAsyncEnumerable<IReadOnlyList<T>> InPartsAsync<T>(IAsyncEnumerable<T> all, Func<T, int> size)
    {
        var (part, bytes) = (new List<T>(), 0);
        await foreach (var one in all)
        {
            part.Add(one);
            bytes += size(one);
            if (part.Count == PageSize || bytes >= PartBytes)
            {
                yield return part;
                (part, bytes) = ([], 0);
            }
        }

        if (part.Count > 0)
        {
            yield return part;
        }
    }
}
