using System.Globalization;
using Infermux.Core.Configuration;
using StackExchange.Redis;

namespace Infermux.Hosting.Configuration.Numbering;

/// <summary>
/// Keeps <see cref="ConfigurationNumbers"/> for all processes: one hash, a field for each text, and a version by which one change lets the next one in. What a
/// change adds is one command, so that it is whole after any death.
/// </summary>
/// <param name="redis">The store.</param>
/// <param name="serviceId">Whose numbers.</param>
/// <param name="aliveFor"><see cref="ConfigurationNumbers.AliveFor"/>, or zero where no other process can be on the store.</param>
internal sealed class ConfigurationNumberStore(IConnectionMultiplexer redis, string serviceId, TimeSpan aliveFor)
{
    private const string Name = "configuration-numbers";
    private const string VersionField = "v";

    private const string WriteScript =
        """
        local version = redis.call('HGET', KEYS[1], 'v')
        if not version then version = '0' end
        if version ~= ARGV[1] then return 0 end
        redis.call('HSET', KEYS[1], 'v', ARGV[2], ARGV[3], ARGV[4])
        for i = 5, #ARGV do redis.call('HDEL', KEYS[1], ARGV[i]) end
        return 1
        """;

    private RedisKey Key => $"{serviceId}/{Name}";

    /// <summary>See <see cref="ConfigurationNumbers.Claim"/>; the number is in the store before it is returned, and a repeat returns it again.</summary>
    public async Task<long> ClaimAsync(string fingerprint, long held, DateTimeOffset now)
    {
        while (true)
        {
            var (version, numbers) = await ReadAsync();
            var (next, number) = numbers.Claim(fingerprint, held, now, aliveFor);
            if (ReferenceEquals(next, numbers) || await WriteAsync(version, fingerprint, numbers, next))
            {
                return number;
            }
        }
    }

    private async Task<(long Version, ConfigurationNumbers Numbers)> ReadAsync()
    {
        var (version, marks) = (0L, ConfigurationNumbers.None.Marks.ToBuilder());
        foreach (var field in await redis.GetDatabase().HashGetAllAsync(Key))
        {
            var (name, value) = ((string)field.Name!, (string)field.Value!);
            if (name is VersionField)
            {
                version = Number(value);
                continue;
            }

            var parts = value.Split(' ');
            marks[name] = new(Number(parts[0]), DateTimeOffset.FromUnixTimeMilliseconds(Number(parts[1])));
        }

        return (version, new(marks.ToImmutable()));
    }

    /// <summary>False: another process was first.</summary>
    private async Task<bool> WriteAsync(long version, string fingerprint, ConfigurationNumbers before, ConfigurationNumbers after)
    {
        var mark = after.Marks[fingerprint];
        var value = string.Create(CultureInfo.InvariantCulture, $"{mark.Number} {mark.SeenAt.ToUnixTimeMilliseconds()}");
        var forgotten = before.Marks.Keys.Except(after.Marks.Keys, StringComparer.Ordinal).Select(name => (RedisValue)name);
        return (bool)await redis.GetDatabase().ScriptEvaluateAsync(WriteScript, [Key], [version, version + 1, fingerprint, value, .. forgotten]);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
