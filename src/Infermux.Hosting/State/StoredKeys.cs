using System.Globalization;
using System.Text;
using System.Text.Json;
using StackExchange.Redis;

namespace Infermux.Hosting.State;

/// <summary>
/// The keys that are state: everything under the service id but the membership table. Its rows say which processes run at which addresses now; in another store
/// they would be dead silos that living ones wait for.
/// </summary>
internal sealed class StoredKeys(IConnectionMultiplexer redis, string serviceId)
{
    private const int DeadSilo = 6; // SiloStatus.Dead, as Orleans writes it
    private static readonly TimeSpan AliveFor = TimeSpan.FromSeconds(15); // three stamps of MembershipTiming

    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(serviceId + "/");
    private readonly byte[] _members = Encoding.UTF8.GetBytes(serviceId + "/members/");

    /// <summary>The stored name of a key.</summary>
    public RedisKey Stored(byte[] key) => (RedisKey)(byte[])[.. _prefix, .. key];

    /// <summary>Each key once, without the service id, while nobody writes.</summary>
    public IAsyncEnumerable<byte[]> AllAsync() => FindAsync("").Where(key => !key.AsSpan().StartsWith(_members)).Select(key => key[_prefix.Length..]);

    /// <summary>The address of a silo that is in the membership table and has stamped its row just now; null where none has.</summary>
    public async Task<string?> LivingSiloAsync(DateTimeOffset now)
    {
        await foreach (var table in FindAsync("members/"))
        {
            await foreach (var row in redis.GetDatabase().HashScanAsync((RedisKey)table))
            {
                if (((string)row.Value!).StartsWith('{') && IsAlive(row.Value!, now))
                {
                    return row.Name;
                }
            }
        }

        return null;
    }

    private static bool IsAlive(string row, DateTimeOffset now)
    {
        using var json = JsonDocument.Parse(row);
        var told = json.RootElement.GetProperty("IAmAliveTime").GetString()!;
        var stamped = DateTimeOffset.Parse(told, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        return json.RootElement.GetProperty("Status").GetInt32() != DeadSilo && now - stamped < AliveFor;
    }

    private async IAsyncEnumerable<byte[]> FindAsync(string under)
    {
        var pattern = string.Concat((serviceId + "/" + under).Select(c => c is '\\' or '[' or ']' or '*' or '?' ? $"\\{c}" : $"{c}")) + "*";
        var seen = new HashSet<UInt128>(); // a scan may tell a key twice
        foreach (var server in redis.GetServers().Where(server => server is { IsConnected: true, IsReplica: false }))
        {
            await foreach (var key in server.KeysAsync(redis.GetDatabase().Database, pattern, pageSize: 500))
            {
                var name = (byte[])key!;
                if (seen.Add(KeyMark.Of(name)))
                {
                    yield return name;
                }
            }
        }
    }
}
