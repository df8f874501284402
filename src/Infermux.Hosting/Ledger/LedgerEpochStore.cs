using System.Globalization;
using System.Security.Cryptography;
using Infermux.Core.Budgets;
using StackExchange.Redis;

namespace Infermux.Hosting.Ledger;

/// <summary>Reads and writes the ledger's epoch: one hash, each change one command, so that it is whole after any death.</summary>
public sealed class LedgerEpochStore(IConnectionMultiplexer redis, string serviceId)
{
    internal const string Name = "ledger-epoch";
    internal const string Epoch = "epoch";
    internal const string Doubted = "doubted";
    private const string Adopted = "adopted";

    private RedisKey Key => $"{serviceId}/{Name}";

    /// <summary>Null where the store says nothing.</summary>
    public async Task<StoredEpoch?> ReadAsync()
    {
        var fields = (await redis.GetDatabase().HashGetAllAsync(Key)).ToDictionary(field => (string)field.Name!, field => (string)field.Value!, StringComparer.Ordinal);
        return fields.TryGetValue(Epoch, out var epoch)
            ? new(epoch, Number(fields.GetValueOrDefault(Adopted)), Number(fields.GetValueOrDefault(Doubted)) != 0)
            : null;
    }

    /// <summary>Writes a new epoch unless another process was first; returns the one that is there now.</summary>
    public async Task<StoredEpoch?> CreateAsync()
    {
        await redis.GetDatabase().HashSetAsync(Key, Epoch, NewEpoch(), When.NotExists);
        return await ReadAsync();
    }

    /// <summary>Keeps a doubt, unless the store says nothing: that is a doubt already, and must not look like an epoch.</summary>
    public async Task DoubtAsync()
    {
        if (await ReadAsync() is not null)
        {
            await redis.GetDatabase().HashSetAsync(Key, Doubted, "1");
        }
    }

    /// <summary>Accepts the store as it is: its own epoch, the pinned one, or a new one where there is none.</summary>
    public async Task<StoredEpoch> AdoptAsync(string? pinned, DateTimeOffset now)
    {
        var before = await ReadAsync();
        var adopted = new StoredEpoch(pinned ?? before?.Epoch ?? NewEpoch(), Math.Max(now.ToUnixTimeMilliseconds(), (before?.Adopted ?? 0) + 1), Doubted: false);
        await redis.GetDatabase().HashSetAsync(Key, [new(Epoch, adopted.Epoch), new(Adopted, adopted.Adopted), new(Doubted, "0")]);
        return adopted;
    }

    private static string NewEpoch() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    private static long Number(string? text) => text is null ? 0 : long.Parse(text, CultureInfo.InvariantCulture);
}
