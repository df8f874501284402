using System.Collections.Immutable;

namespace Infermux.Core.Budgets;

/// <summary>
/// The (project, env) pairs an account has used, by day. They come from request headers, so a careless client could make a cost row per request; past the
/// cap they become <c>other</c>.
/// </summary>
public sealed record CostTags
{
    /// <summary>Pairs per account and day.</summary>
    public const int Cap = 100;

    /// <summary>What takes the place of project and env past the cap.</summary>
    public const string Other = "other";

    /// <summary>None yet.</summary>
    public static CostTags Empty { get; } = new();

    /// <summary>The pairs of each day.</summary>
    public ImmutableDictionary<DateOnly, ImmutableHashSet<(string Project, string Env)>> Days { get; init; } =
        ImmutableDictionary<DateOnly, ImmutableHashSet<(string Project, string Env)>>.Empty;

    /// <summary>The pair to book under, and the tags with it remembered. A request without either tag is not counted.</summary>
    public (CostTags Tags, string Project, string Env) Take(DateOnly day, string project, string env)
    {
        if (project.Length == 0 && env.Length == 0)
        {
            return (this, project, env);
        }

        var pairs = Days.GetValueOrDefault(day, ImmutableHashSet<(string, string)>.Empty);
        if (pairs.Contains((project, env)))
        {
            return (this, project, env);
        }

        return pairs.Count >= Cap
            ? (this, Other, Other)
            : (this with { Days = Days.SetItem(day, pairs.Add((project, env))) }, project, env);
    }

    /// <summary>Without days that no more than late settles are booked to: all before yesterday.</summary>
    public CostTags Since(DateOnly today)
    {
        var days = Days;
        foreach (var (day, _) in Days)
        {
            if (day < today.AddDays(-1))
            {
                days = days.Remove(day);
            }
        }

        return ReferenceEquals(days, Days) ? this : this with { Days = days };
    }
}
