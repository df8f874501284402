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
    private readonly Queue<PendingSettle> _pending = new();
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
            _pending.Enqueue(pending);
            _last = pending.Number;
        }
    }

    public string Account { get; }

    /// <summary>The account's grain, kept by who sends; null before the first batch.</summary>
    public ICallerBudgetGrain? Receiver { get; set; }

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
            _pending.Enqueue(new PendingSettle(number, settlement, _journal.Append(_incarnation, number, settlement)));
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

    /// <summary>How long the next batch should wait for company: not at all where there is none to send or a whole one.</summary>
    public TimeSpan Linger(SettlePace pace)
    {
        lock (_gate)
        {
            return !_pending.TryPeek(out var first) || _pending.Count >= pace.LargestBatch ? TimeSpan.Zero
                : first.Settlement.Held ? pace.LingerHeld
                : pace.Linger;
        }
    }

    /// <summary>The next batch, at most <paramref name="largest"/> settlements; null, and nobody sends any more, when there is none.</summary>
    public SettleBatch? Next(int largest)
    {
        lock (_gate)
        {
            if (!_pending.TryPeek(out var first))
            {
                _sending = false;
                return null;
            }

            var batch = new List<Settlement>(Math.Min(largest, _pending.Count));
            var expected = first.Number;
            foreach (var (number, settlement, _) in _pending)
            {
                if (batch.Count == largest || number != expected)
                {
                    break;
                }

                batch.Add(settlement);
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
            while (_pending.TryPeek(out var first) && first.Number <= number)
            {
                places.Add(_pending.Dequeue().Place);
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
            for (var left = _pending.Count; left > 0; left--)
            {
                var pending = _pending.Dequeue(); // once around: the order stays
                if (pending.Place.Segment == segment && _journal.Append(_incarnation, pending.Number, pending.Settlement) is { Segment: not null } moved)
                {
                    _journal.Release(pending.Place);
                    pending = pending with { Place = moved };
                }

                _pending.Enqueue(pending);
            }
        }
    }
}
