using System.Globalization;
using StackExchange.Redis;

namespace Infermux.EmbeddedStore.Tests;

/// <summary>Account records as Orleans' Redis storage keeps them: a hash of data and etag, written by a script that compares the etag.</summary>
internal static class Accounts
{
    private const string WriteScript = """
        local etag = redis.call('HGET', KEYS[1], 'etag')
        if etag == false or etag == '' or etag == ARGV[1] then
            redis.call('HMSET', KEYS[1], 'etag', ARGV[2], 'data', ARGV[3])
            return 1
        end
        return 0
        """;

    public static RedisKey Key(int account) => $"infermux/state/infermux.caller-budget/{account}/account";

    /// <summary>About 300 bytes that tell account and version, so that a mixed-up or torn record is seen.</summary>
    public static byte[] Data(int account, long version)
    {
        var data = new byte[300];
        new Random((account * 397) ^ (int)version).NextBytes(data);
        BitConverter.TryWriteBytes(data, account);
        BitConverter.TryWriteBytes(data.AsSpan(8), version);
        return data;
    }

    /// <summary>Writes a version over the one before it; acknowledged when the task ends.</summary>
    public static async Task WriteAsync(IDatabaseAsync store, int account, long version)
    {
        var stored = await store.ScriptEvaluateAsync(WriteScript, [Key(account)], [Etag(version - 1), Etag(version), Data(account, version)]);
        Assert.Equal(1, (int)stored);
    }

    /// <summary>Writes a version without the comparison: a quarter of the work, where the number of writes is the point.</summary>
    public static Task OverwriteAsync(IDatabaseAsync store, int account, long version) =>
        store.HashSetAsync(Key(account), [new("etag", Etag(version)), new("data", Data(account, version))]);

    /// <summary>The stored version; null where there is none. Fails when the record is not what was written as that version.</summary>
    public static async Task<long?> ReadAsync(IDatabaseAsync store, int account)
    {
        var record = await store.HashGetAsync(Key(account), ["etag", "data"]);
        if (record[0].IsNull)
        {
            return null;
        }

        var data = (byte[])record[1]!;
        var version = BitConverter.ToInt64(data.AsSpan(8));
        Assert.Equal(Etag(version), (string)record[0]!);
        Assert.True(data.AsSpan().SequenceEqual(Data(account, version)), $"account {account} holds another record");
        return version;
    }

    private static string Etag(long version) => version.ToString(CultureInfo.InvariantCulture);
}
