using System.Collections.Immutable;

namespace Infermux.Testing;

/// <summary>
/// The provider's own books: the other side of what a router says it spent. One lock around plain sums, so that a snapshot never shows a request
/// counted and not billed.
/// </summary>
internal sealed class TruthBook(ScriptedProviderOptions options)
{
    private readonly Lock _lock = new();
    private readonly Queue<RequestEntry> _entries = new();
    private readonly Dictionary<string, CallerTruth> _callers = new(StringComparer.Ordinal);
    private readonly List<TaskCompletionSource> _waiting = [];
    private long _number;
    private long _requests;
    private int _inFlight;
    private int _peak;
    private long _connections;
    private long _listings;
    private long _received;
    private long _sent;
    private long _answered;
    private long _refused;
    private long _broken;
    private long _cancelled;
    private TokenCount _billed;
    private decimal _cost;

    public long NextNumber() => Interlocked.Increment(ref _number);

    public void Connected() => Change(() => _connections++);

    public void Listed() => Change(() => _listings++);

    public RequestEntry Begin(RequestRecord record, int bytes)
    {
        var entry = new RequestEntry(record);
        Change(() =>
        {
            _requests++;
            _received += bytes;
            _peak = Math.Max(_peak, ++_inFlight);
            var caller = _callers.GetValueOrDefault(record.Caller) ?? new CallerTruth(0, default, 0m);
            _callers[record.Caller] = caller with { Requests = caller.Requests + 1 };
            _entries.Enqueue(entry);
            while (_entries.Count > options.KeepRequests)
            {
                _entries.Dequeue();
            }
        });
        return entry;
    }

    public void Wrote(RequestEntry entry, int bytes, bool content)
    {
        var now = options.Time.GetUtcNow();
        lock (_lock)
        {
            _sent += bytes;
            var record = entry.Record;
            entry.Record = record with
            {
                BytesSent = record.BytesSent + bytes,
                LastWrite = now,
                FirstContent = record.FirstContent ?? (content ? now : null),
                ContentEvents = record.ContentEvents + (content ? 1 : 0),
            };
            if (content && record.FirstContent is null)
            {
                WakeWaiting();
            }
        }
    }

    public void End(RequestEntry entry, RequestOutcome outcome, int status, TokenCount billed, decimal cost)
    {
        var now = options.Time.GetUtcNow();
        Change(() =>
        {
            var record = entry.Record = entry.Record with { Outcome = outcome, Status = status, Ended = now, Billed = billed, Cost = cost };
            _inFlight--;
            _billed += billed;
            _cost += cost;
            var caller = _callers.GetValueOrDefault(record.Caller) ?? new CallerTruth(0, default, 0m);
            _callers[record.Caller] = caller with { Billed = caller.Billed + billed, Cost = caller.Cost + cost };
            CountOutcome(outcome);
        });
    }

    public ProviderTruth Snapshot()
    {
        lock (_lock)
        {
            return new ProviderTruth
            {
                Requests = _requests,
                InFlight = _inFlight,
                PeakInFlight = _peak,
                Answered = _answered,
                Refused = _refused,
                Broken = _broken,
                Cancelled = _cancelled,
                Connections = _connections,
                Listings = _listings,
                BytesReceived = _received,
                BytesSent = _sent,
                Billed = _billed,
                Cost = _cost,
                Callers = _callers.ToImmutableDictionary(StringComparer.Ordinal),
            };
        }
    }

    public IReadOnlyList<RequestRecord> Records()
    {
        lock (_lock)
        {
            return [.. _entries.Select(static entry => entry.Record)];
        }
    }

    /// <summary>Forgets what has ended. Requests in flight stay in the books and end in them.</summary>
    public void Clear() => Change(() =>
    {
        var open = _entries.Where(static entry => entry.Record.Outcome == RequestOutcome.InFlight).ToList();
        _entries.Clear();
        open.ForEach(_entries.Enqueue);
        _callers.Clear();
        (_requests, _peak) = (_inFlight, _inFlight);
        _connections = _listings = _received = _sent = _answered = _refused = _broken = _cancelled = 0;
        (_billed, _cost) = (default, 0m);
    });

    public async Task<ProviderTruth> WaitForAsync(Func<ProviderTruth, bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_lock)
            {
                _waiting.Add(changed);
            }

            var truth = Snapshot();
            if (condition(truth))
            {
                return truth;
            }

            await changed.Task.WaitAsync(cancellationToken);
        }
    }

    private void CountOutcome(RequestOutcome outcome)
    {
        switch (outcome)
        {
            case RequestOutcome.Answered: _answered++; break;
            case RequestOutcome.Refused: _refused++; break;
            case RequestOutcome.Broken: _broken++; break;
            case RequestOutcome.Cancelled: _cancelled++; break;
            default: throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "A request that ends has ended somehow.");
        }
    }

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            WakeWaiting();
        }
    }

    private void WakeWaiting()
    {
        _waiting.ForEach(static waiting => waiting.TrySetResult());
        _waiting.Clear();
    }
}
