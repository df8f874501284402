namespace Infermux.Core.Costs;

/// <summary>
/// The cost rows of one UTC day and shard: by hour, and the same by day for the month's reports. A batch is booked once, recognised by its account's
/// number. Pure: what must be stored comes out as a change.
/// </summary>
public sealed class CostBook
{
    /// <summary>(project, env) pairs a caller may have in a day; the rest is booked as <see cref="OtherTag"/>, so that a caller cannot fill the ledger with names.</summary>
    public const int MostTags = 100;

    /// <summary>Project and env of what is past <see cref="MostTags"/>.</summary>
    public const string OtherTag = "other";

    private readonly CostTable _hours = new();
    private readonly CostTable _days = new();
    private readonly Dictionary<string, long> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<(string Project, string Env)>> _tags = new(StringComparer.Ordinal);

    /// <summary>Rows by hour.</summary>
    public IEnumerable<CostRow> Hours => _hours.Rows.Select(row => new CostRow(row.Key, row.Value));

    /// <summary>Last number of an account; 0 where it has booked nothing.</summary>
    public long NumberOf(string account) => _numbers.GetValueOrDefault(account);

    /// <summary>Puts a stored row by hour in place.</summary>
    public void RestoreHour(CostRow row)
    {
        _hours.Add(row.Key, row.Sums);
        TagsOf(row.Key.Caller).Add((row.Key.Project, row.Key.Env));
    }

    /// <summary>Puts a stored row by day in place.</summary>
    public void RestoreDay(CostRow row)
    {
        _days.Add(row.Key, row.Sums);
        TagsOf(row.Key.Caller).Add((row.Key.Project, row.Key.Env));
    }

    /// <summary>Puts a stored number in place.</summary>
    public void RestoreNumber(string account, long number) => _numbers[account] = number;

    /// <summary>
    /// Adds a batch and writes down in <paramref name="change"/> what it touched; false, and nothing changes, when its number is not above the account's last.
    /// </summary>
    public bool Book(string account, long number, IEnumerable<CostRow> rows, CostChange change)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(change);
        if (number <= NumberOf(account))
        {
            return false;
        }

        foreach (var (key, sums) in rows)
        {
            var booked = Tagged(key.Keep(CostDimensions.Hour | AllButTime));
            var day = DayOf(booked);
            change.Hours[booked] = _hours.Add(booked, sums);
            change.Days[day] = _days.Add(day, sums);
        }

        change.Numbers[account] = _numbers[account] = number;
        return true;
    }

    /// <summary>The row by day that a row by hour is part of.</summary>
    public static CostKey DayOf(CostKey hour) => hour.Keep(CostDimensions.Day | AllButTime);

    private const CostDimensions AllButTime =
        CostDimensions.Caller | CostDimensions.Provider | CostDimensions.Model | CostDimensions.Group | CostDimensions.Project | CostDimensions.Env;

    private CostKey Tagged(CostKey key)
    {
        var tags = TagsOf(key.Caller);
        return tags.Contains((key.Project, key.Env)) || (tags.Count < MostTags && tags.Add((key.Project, key.Env)))
            ? key
            : key with { Project = OtherTag, Env = OtherTag };
    }

    private HashSet<(string Project, string Env)> TagsOf(string caller)
    {
        if (!_tags.TryGetValue(caller, out var tags))
        {
            _tags[caller] = tags = [];
        }

        return tags;
    }
}
