using System.Collections.Immutable;
using Infermux.Core.Costs;

namespace Infermux.Core.Budgets;

/// <summary>
/// Cost rows that the ledger has not acknowledged. Rows gather by key, so a busy account keeps as many as it has keys, not requests. A sealed batch is
/// stored before it is sent and never changes: a ledger that booked it and whose answer was lost knows its number again. Numbers rise over all days of the
/// account, so that nothing has to be remembered of days that are done.
/// </summary>
public sealed record Outbox
{
    /// <summary>Nothing to send.</summary>
    public static Outbox Empty { get; } = new();

    /// <summary>The highest number given out.</summary>
    public long Number { get; init; }

    /// <summary>Rows that wait to be sealed, by day.</summary>
    public ImmutableDictionary<DateOnly, ImmutableDictionary<CostKey, CostSums>> Waiting { get; init; } =
        ImmutableDictionary<DateOnly, ImmutableDictionary<CostKey, CostSums>>.Empty;

    /// <summary>One batch per day, to be sent until it is acknowledged.</summary>
    public ImmutableDictionary<DateOnly, OutboxBatch> Sealed { get; init; } = ImmutableDictionary<DateOnly, OutboxBatch>.Empty;

    /// <summary>Whether everything is acknowledged.</summary>
    public bool IsEmpty => Waiting.IsEmpty && Sealed.IsEmpty;

    /// <summary>Whether <see cref="Seal"/> would do something.</summary>
    public bool CanSeal
    {
        get
        {
            foreach (var (day, _) in Waiting)
            {
                if (!Sealed.ContainsKey(day))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>With a row added.</summary>
    public Outbox Add(in CostRow row)
    {
        var day = row.Key.Day;
        var rows = Waiting.GetValueOrDefault(day, ImmutableDictionary<CostKey, CostSums>.Empty);
        var sums = rows.TryGetValue(row.Key, out var before) ? before + row.Sums : row.Sums;
        return this with { Waiting = Waiting.SetItem(day, rows.SetItem(row.Key, sums)) };
    }

    /// <summary>With a batch made of what waits for each day that has none under way.</summary>
    public Outbox Seal()
    {
        if (!CanSeal)
        {
            return this;
        }

        var (number, waiting, batches) = (Number, Waiting, Sealed);
        foreach (var (day, rows) in Waiting)
        {
            if (!Sealed.ContainsKey(day))
            {
                batches = batches.Add(day, new(day, ++number, [.. rows.Select(row => new CostRow(row.Key, row.Value))]));
                waiting = waiting.Remove(day);
            }
        }

        return this with { Number = number, Waiting = waiting, Sealed = batches };
    }

    /// <summary>Without a batch that the ledger has booked.</summary>
    public Outbox Acknowledge(DateOnly day, long number) =>
        Sealed.TryGetValue(day, out var batch) && batch.Number == number ? this with { Sealed = Sealed.Remove(day) } : this;
}
