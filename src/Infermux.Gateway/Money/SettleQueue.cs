using Infermux.Gateway.Money.Journal;
using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Money;

/// <summary>
/// Settlements of one incarnation for one account, numbered without gaps in the order they came. The number, the journal and the queue move under one
/// lock: a batch never overtakes a settlement with a lower number.
/// </summary>
internal sealed class SettleQueue
{
    private readonly Lock _gate = new();
    private readonly LinkedList<PendingSettle> _pending = new();
    private readonly Guid _incarnation;
    private readonly ISettleJournal _journal;
    private long _last;
    private bool _sending;

    public SettleQueue(string account, ISettleJournal journal)
        : this(new JournaledAccount(journal.Incarnation, account, []), journal)
    {
    }

    /// <summary>Continues what an earlier incarnation left: with its id and its numbers.</summary>
    public SettleQueue(JournaledAccount replayed, ISettleJournal journal)
    {
        (_incarnation, Account, _journal) = (replayed.Incarnation, replayed.Account, journal);
        foreach (var pending in replayed.Settlements)
        {
            _pending.AddLast(pending);
            _last = pending.Number;
        }
    }

    public string Account { get; }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _pending.Count;
            }
        }
    }

    /// <summary>Numbers, journals and queues a settlement.</summary>
    public void Add(Settlement settlement)
    {
        lock (_gate)
        {
            var number = ++_last;
            _pending.AddLast(new PendingSettle(number, settlement, _journal.Append(_incarnation, number, settlement)));
        }
    }

    /// <summary>Whether the caller must start sending: there is something to send and nobody does.</summary>
    public bool TryStart()
    {
        lock (_gate)
        {
            return !_sending && (_sending = _pending.Count > 0);
        }
    }

    /// <summary>The next batch, at most <paramref name="largest"/> settlements; null, and nobody sends any more, when there is none.</summary>
    public SettleBatch? Next(int largest)
    {
        lock (_gate)
        {
            if (_pending.First is not { } first)
            {
                _sending = false;
                return null;
            }

            var batch = new List<Settlement>(Math.Min(largest, _pending.Count));
            var expected = first.Value.Number;
            for (var next = first; next is not null && batch.Count < largest && next.Value.Number == expected; next = next.Next)
            {
                batch.Add(next.Value.Settlement);
                expected++;
            }

            return new SettleBatch(_incarnation, expected - 1, batch);
        }
    }

    /// <summary>The account has everything up to <paramref name="number"/>; how many settlements that acknowledges.</summary>
    public int Acknowledge(long number)
    {
        lock (_gate)
        {
            var places = new List<JournalPlace>();
            while (_pending.First is { } first && first.Value.Number <= number)
            {
                places.Add(first.Value.Place);
                _pending.RemoveFirst();
            }

            _journal.Acknowledge(_incarnation, Account, number, places);
            return places.Count;
        }
    }

    /// <summary>Writes what lies in <paramref name="segment"/> again, under the same numbers, so that the segment can go.</summary>
    public void Rewrite(JournalSegment segment)
    {
        lock (_gate)
        {
            for (var next = _pending.First; next is not null; next = next.Next)
            {
                var (number, settlement, place) = next.Value;
                if (place.Segment == segment && _journal.Append(_incarnation, number, settlement) is { Segment: not null } moved)
                {
                    next.Value = new PendingSettle(number, settlement, moved);
                    _journal.Release(place);
                }
            }
        }
    }
}
