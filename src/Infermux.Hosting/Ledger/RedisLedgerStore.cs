using System.Globalization;
using System.Text.Json;
using Infermux.Core.Costs;
using Infermux.Grains.Ledger;
using Infermux.Hosting.Clustering;
using StackExchange.Redis;

namespace Infermux.Hosting.Ledger;

/// <summary>
/// Keeps cost rows as fields of hashes: one per (day, shard) with rows by hour and the last number per account, which expires 36 days after its day, and one
/// per (month, shard) with rows by day, which stays. One script writes both, fenced by the day's version; sums are added in C#, because the store's arithmetic
/// is binary. Both keys share a hash tag, as the script needs in a Redis cluster.
/// <para>
/// A store that is killed may keep a script's first commands and lose its last (the embedded one does). So the day goes first, version, numbers and hours in
/// one command, and the rows by day, which follow from the hours, are mended when the day is loaded: whoever wrote it was not answered, and repeats.
/// </para>
/// </summary>
internal sealed class RedisLedgerStore(IConnectionMultiplexer redis, string serviceId, TimeProvider time) : ILedgerStore
{
    /// <summary>Hours are promised for 35 days; the 36th keeps a report over 35 × 24 hours whole.</summary>
    private static readonly TimeSpan HoursKept = TimeSpan.FromDays(36);

    /// <summary>For rows booked to a day that is over for longer than that: kept long enough to recognise repeats.</summary>
    private static readonly TimeSpan LeastKept = TimeSpan.FromDays(2);

    private const string WriteScript =
        """
        local version = redis.call('HGET', KEYS[1], 'v')
        if not version then version = '0' end
        if version ~= ARGV[1] then return version end
        local function put(key, first, last)
          for i = first, last, 6000 do redis.call('HSET', key, unpack(ARGV, i, math.min(i + 5999, last))) end
        end
        local days = tonumber(ARGV[3])
        put(KEYS[1], 4, days - 1)
        redis.call('EXPIRE', KEYS[1], ARGV[2])
        put(KEYS[2], days, #ARGV)
        return ''
        """;

    /// <summary>Only while nobody has written since: a row by day of a newer version must not be taken back.</summary>
    private const string MendScript =
        """
        if redis.call('HGET', KEYS[1], 'v') ~= ARGV[1] then return 0 end
        for i = 2, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
        return 1
        """;

    public async Task<LedgerState> LoadAsync(LedgerDay day)
    {
        var database = redis.GetDatabase();

        // In this order: a write between the two leaves an old version, and the next write is refused. The other way round it would not be.
        var hours = database.HashGetAllAsync(KeyOf(day));
        var days = database.HashGetAllAsync(KeyOf(day.Month));
        return await AnsweredAsync(async () => await RestoreAsync(day, await hours, await days));
    }

    public async Task WriteAsync(LedgerDay day, long version, CostChange change)
    {
        var written = await AnsweredAsync(() =>
            redis.GetDatabase().ScriptEvaluateAsync(WriteScript, [KeyOf(day), KeyOf(day.Month)], Arguments(day, version, change)));
        if ((string?)written is { Length: > 0 } found)
        {
            throw new LedgerConflictException($"Ledger {day.Day:yyyy-MM-dd}/{day.Shard} is at version {found}, not {version}: another silo wrote it.");
        }
    }

    public Task<IReadOnlyList<CostRow>> ReadMonthAsync(LedgerMonth month) => AnsweredAsync(async () =>
    {
        var fields = await redis.GetDatabase().HashGetAllAsync(KeyOf(month));
        return (IReadOnlyList<CostRow>)Array.ConvertAll(fields, Row);
    });

    private static CostRow Row(HashEntry field) => new(LedgerFields.Key((byte[])field.Name!), LedgerFields.Sums((byte[])field.Value!));

    private async Task<LedgerState> RestoreAsync(LedgerDay day, HashEntry[] hours, HashEntry[] days)
    {
        var (version, book, partial) = RestoreHours(hours);
        var stored = days.Select(Row).Where(row => DateOnly.FromDateTime(row.Key.Start.UtcDateTime) == day.Day).ToDictionary(row => row.Key, row => row.Sums);
        if (version == 0 && stored.Count > 0 && !partial)
        {
            partial = true;
            await MarkPartialAsync(day);
        }

        if (!partial)
        {
            await MendAsync(day, version, stored, DaysOf(book));
        }

        foreach (var (key, sums) in stored)
        {
            book.RestoreDay(new CostRow(key, sums));
        }

        return new LedgerState(version, book);
    }

    /// <summary>Puts into <paramref name="stored"/>, and into the store, what the hours say of the day.</summary>
    private async Task MendAsync(LedgerDay day, long version, Dictionary<CostKey, CostSums> stored, Dictionary<CostKey, CostSums> told)
    {
        var wrong = told.Where(row => !stored.TryGetValue(row.Key, out var sums) || sums != row.Value).ToList();
        if (wrong.Count == 0)
        {
            return;
        }

        var fields = new List<RedisValue> { version };
        foreach (var (key, sums) in wrong)
        {
            stored[key] = sums;
            fields.Add(LedgerFields.Key(LedgerFields.DayPrefix, key));
            fields.Add(LedgerFields.Sums(sums));
        }

        await redis.GetDatabase().ScriptEvaluateAsync(MendScript, [KeyOf(day), KeyOf(day.Month)], [.. fields]);
    }

    private async Task MarkPartialAsync(LedgerDay day)
    {
        await redis.GetDatabase().HashSetAsync(KeyOf(day), LedgerFields.Partial, 1);
        await redis.GetDatabase().KeyExpireAsync(KeyOf(day), KeptFor(day));
    }

    private static Dictionary<CostKey, CostSums> DaysOf(CostBook book)
    {
        var days = new Dictionary<CostKey, CostSums>();
        foreach (var (hour, sums) in book.Hours)
        {
            var day = CostBook.DayOf(hour);
            days[day] = days.GetValueOrDefault(day) + sums;
        }

        return days;
    }

    private static (long Version, CostBook Book, bool Partial) RestoreHours(HashEntry[] hours)
    {
        var (version, book, partial) = (0L, new CostBook(), false);
        foreach (var field in hours)
        {
            var name = (string)field.Name!;
            switch (name[..1])
            {
                case LedgerFields.Version:
                    version = (long)field.Value;
                    break;
                case LedgerFields.Partial:
                    partial = true;
                    break;
                case LedgerFields.NumberPrefix:
                    book.RestoreNumber(name[1..], (long)field.Value);
                    break;
                case LedgerFields.HourPrefix:
                    book.RestoreHour(Row(field));
                    break;
                default:
                    throw new JsonException($"'{name}' is no field of the ledger.");
            }
        }

        return (version, book, partial);
    }

    private RedisValue[] Arguments(LedgerDay day, long version, CostChange change)
    {
        var fields = new List<RedisValue> { version, (long)KeptFor(day).TotalSeconds, 0, LedgerFields.Version, version + 1 };
        foreach (var (account, number) in change.Numbers)
        {
            fields.Add(LedgerFields.NumberPrefix + account);
            fields.Add(number);
        }

        Add(fields, LedgerFields.HourPrefix, change.Hours);
        fields[2] = fields.Count + 1; // Lua counts from one
        Add(fields, LedgerFields.DayPrefix, change.Days);
        return [.. fields];
    }

    private static void Add(List<RedisValue> fields, string prefix, IDictionary<CostKey, CostSums> rows)
    {
        foreach (var (key, sums) in rows)
        {
            fields.Add(LedgerFields.Key(prefix, key));
            fields.Add(LedgerFields.Sums(sums));
        }
    }

    private TimeSpan KeptFor(LedgerDay day)
    {
        var end = new DateTimeOffset(day.Day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);
        var left = end + HoursKept - time.GetUtcNow();
        return left > LeastKept ? left : LeastKept;
    }

    private RedisKey KeyOf(LedgerDay day) => Key(day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), day.Shard);

    private RedisKey KeyOf(LedgerMonth month) => Key(month.First.ToString("yyyy-MM", CultureInfo.InvariantCulture), month.Shard);

    private RedisKey Key(string period, int shard) => string.Create(CultureInfo.InvariantCulture, $"{serviceId}/{{ledger/{shard}}}/{period}");

    private static async Task<T> AnsweredAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception failure) when (StoreFailures.IsUnanswered(failure))
        {
            throw new LedgerStoreException($"The store of the cost ledger did not answer: {failure.Message}", failure);
        }
    }
}
