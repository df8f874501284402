using System.Collections.Immutable;

namespace Infermux.Core.Budgets;

/// <summary>Sums by period, immutable. A handful: one per length, and older ones only while they have open operations.</summary>
public sealed class PeriodTable
{
    private PeriodTable(ImmutableArray<KeyValuePair<PeriodKey, PeriodSums>> entries) => Entries = entries;

    /// <summary>No sums.</summary>
    public static PeriodTable Empty { get; } = new([]);

    /// <summary>The periods that have sums, each once.</summary>
    public ImmutableArray<KeyValuePair<PeriodKey, PeriodSums>> Entries { get; }

    /// <summary>The sums of a period; <see cref="PeriodSums.Zero"/> where there are none.</summary>
    public PeriodSums this[PeriodKey key] => IndexOf(key) is var at and >= 0 ? Entries[at].Value : PeriodSums.Zero;

    /// <summary>The table of these sums; each period once.</summary>
    public static PeriodTable Of(IEnumerable<KeyValuePair<PeriodKey, PeriodSums>> entries) => new([.. entries]);

    /// <summary>With these sums in the place of the period's earlier ones.</summary>
    public PeriodTable SetItem(PeriodKey key, PeriodSums sums)
    {
        var at = IndexOf(key);
        return new(at < 0 ? Entries.Add(new(key, sums)) : Entries.SetItem(at, new(key, sums)));
    }

    /// <summary>
    /// With a change added to every period that contains <paramref name="moment"/> and is current at <paramref name="clock"/> or has sums already; without
    /// those that are over and have nothing open any more.
    /// </summary>
    public PeriodTable Plus(DateTimeOffset moment, DateTimeOffset clock, in SumsChange change)
    {
        var entries = Entries.ToBuilder();
        var today = moment.UtcDateTime.Date == clock.UtcDateTime.Date;
        foreach (var kind in PeriodKey.Kinds)
        {
            var key = PeriodKey.Of(kind, moment);
            var current = today || key == PeriodKey.Of(kind, clock);
            var at = IndexOf(entries, key);
            var sums = (at < 0 ? PeriodSums.Zero : entries[at].Value).Plus(change);
            if (at >= 0 && sums.Open == 0 && !current)
            {
                entries.RemoveAt(at);
            }
            else if (at >= 0)
            {
                entries[at] = new(key, sums);
            }
            else if (current)
            {
                entries.Add(new(key, sums));
            }
        }

        return new(entries.DrainToImmutable());
    }

    /// <summary>Without the periods that are over at <paramref name="clock"/> and have nothing open.</summary>
    public PeriodTable Since(DateTimeOffset clock) =>
        new(Entries.RemoveAll(entry => entry.Value.Open == 0 && entry.Key != PeriodKey.Of(entry.Key.Kind, clock)));

    private static int IndexOf(ImmutableArray<KeyValuePair<PeriodKey, PeriodSums>>.Builder entries, PeriodKey key)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].Key == key)
            {
                return i;
            }
        }

        return -1;
    }

    private int IndexOf(PeriodKey key)
    {
        for (var i = 0; i < Entries.Length; i++)
        {
            if (Entries[i].Key == key)
            {
                return i;
            }
        }

        return -1;
    }
}
