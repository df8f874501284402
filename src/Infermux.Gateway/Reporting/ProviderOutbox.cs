using Infermux.Grains.Contracts.Providers;
using Microsoft.Extensions.Logging;

namespace Infermux.Gateway.Reporting;

/// <summary>
/// What this gateway still has to tell one provider's owner. Outcomes are collected under a short lock; one report is under way at a time, and one that is
/// not known to have arrived goes out again under the same number before anything newer.
/// </summary>
internal sealed partial class ProviderOutbox : IDisposable
{
    private const int MostRuns = 1_000;
    private const int MostCorrections = 10_000;
    private static readonly TimeSpan SuccessDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly string _provider;
    private readonly Guid _gateway;
    private readonly IReportReceiver _receiver;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly RunList _runs = new();
    private List<TokenCorrection> _tokens = [];
    private List<RestHint> _rests = [];
    private OutcomeReport? _unacknowledged;
    private Task _sending = Task.CompletedTask;
    private DateTimeOffset _due = DateTimeOffset.MaxValue;
    private long _number;
    private long _highestGeneration;
    private int _inFlight;
    private int _reportedInFlight;
    private int _dispatched;
    private bool _failing; // only the send under way touches it
    private bool _busy;
    private bool _urgent;

    public ProviderOutbox(string provider, Guid gateway, IReportReceiver receiver, TimeProvider time, ILogger logger)
    {
        (_provider, _gateway, _receiver, _time, _logger) = (provider, gateway, receiver, time, logger);
        _timer = time.CreateTimer(static outbox => ((ProviderOutbox)outbox!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Attempts in flight here.</summary>
    public int InFlight
    {
        get
        {
            lock (_gate)
            {
                return _inFlight;
            }
        }
    }

    public void Dispatched(long generation)
    {
        lock (_gate)
        {
            _inFlight++;
            _dispatched++;
            _highestGeneration = Math.Max(_highestGeneration, generation);
            SendWithin(SuccessDelay);
        }
    }

    public void Succeeded(long generation, Guid? permit, TimeSpan latency, bool forP95)
    {
        lock (_gate)
        {
            if (permit is null)
            {
                _runs.Success(generation, latency.TotalMilliseconds, forP95);
                SendWithin(SuccessDelay);
            }
            else
            {
                var single = new RunList();
                single.Success(generation, latency.TotalMilliseconds, forP95);
                _runs.Probe(single.Take()[0] with { ProbePermit = permit });
                SendWithin(TimeSpan.Zero); // everybody waits for a probe
            }
        }
    }

    public void Booked(OutcomeKind kind, long generation, Guid? permit, string detail, RestHint? rest)
    {
        lock (_gate)
        {
            if (permit is null)
            {
                _runs.Add(kind, generation, detail);
            }
            else
            {
                _runs.Probe(new OutcomeRun { Generation = generation, Kind = kind, Count = 1, Detail = detail, ProbePermit = permit });
            }

            if (rest is not null)
            {
                _rests.Add(rest);
            }

            var urgent = permit is not null || rest is not null || kind is OutcomeKind.Fault or OutcomeKind.BrokeAfterContent;
            SendWithin(urgent ? TimeSpan.Zero : SuccessDelay);
        }
    }

    public void Ended(TokenCorrection? used)
    {
        lock (_gate)
        {
            _inFlight = Math.Max(0, _inFlight - 1);
            if (used is not null)
            {
                _tokens.Add(used);
            }

            SendWithin(SuccessDelay);
        }
    }

    /// <summary>Sends what is left until all of it has arrived, or until cancelled.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task sending;
            lock (_gate)
            {
                if (!_busy && !HasNews)
                {
                    return;
                }

                SendWithin(TimeSpan.Zero);
                sending = _sending;
            }

            await sending.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();

    private bool HasNews => _unacknowledged is not null || !_runs.IsEmpty || _tokens.Count > 0 || _rests.Count > 0 || _dispatched > 0 || _inFlight != _reportedInFlight;

    private void Ring()
    {
        lock (_gate)
        {
            if (_due != DateTimeOffset.MaxValue) // else an urgent report has taken everything along
            {
                SendWithin(TimeSpan.Zero);
            }
        }
    }

    // Under the lock. At most one send is under way; it looks for what came meanwhile before it ends.
    private void SendWithin(TimeSpan delay)
    {
        if (_busy)
        {
            _urgent |= delay == TimeSpan.Zero;
        }
        else if (delay == TimeSpan.Zero)
        {
            _busy = true;
            _due = DateTimeOffset.MaxValue;
            _sending = Task.Run(SendAsync);
        }
        else if (_time.GetUtcNow() + delay is var due && due < _due)
        {
            _due = due;
            _timer.Change(delay, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task SendAsync()
    {
        do
        {
            var report = NextReport();
            while (!await ArrivesAsync(report))
            {
                await Task.Delay(RetryDelay, _time);
            }
        }
        while (MoreToSend());
    }

    private async Task<bool> ArrivesAsync(OutcomeReport report)
    {
        try
        {
            await _receiver.ReportAsync(_provider, report).WaitAsync(AnswerLimit, _time);
            if (_failing)
            {
                LogReachedAgain(_logger, _provider);
            }

            return !(_failing = false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (!_failing)
            {
                LogNotReached(_logger, e, _provider);
            }

            _failing = true;
            Trim();
            return false;
        }
    }

    private OutcomeReport NextReport()
    {
        lock (_gate)
        {
            _unacknowledged = new OutcomeReport
            {
                Gateway = _gateway,
                Number = ++_number,
                InFlight = _inFlight,
                Runs = _runs.Take(),
                Dispatched = _dispatched,
                Tokens = _tokens,
                Rests = _rests,
                HighestGeneration = _highestGeneration,
            };
            (_tokens, _rests, _dispatched, _reportedInFlight, _urgent) = ([], [], 0, _inFlight, false);
            return _unacknowledged;
        }
    }

    private bool MoreToSend()
    {
        lock (_gate)
        {
            _unacknowledged = null;
            if (_urgent)
            {
                return true;
            }

            _busy = false;
            if (HasNews)
            {
                SendWithin(SuccessDelay);
            }
            else if (_inFlight > 0)
            {
                SendWithin(Heartbeat);
            }

            return false;
        }
    }

    // An owner that stays away must not fill the memory. The oldest go first: their window passes anyway.
    private void Trim()
    {
        int dropped;
        lock (_gate)
        {
            dropped = _runs.Trim(MostRuns);
            if (_tokens.Count > MostCorrections)
            {
                dropped += _tokens.Count - MostCorrections;
                _tokens.RemoveRange(0, _tokens.Count - MostCorrections);
            }

            if (_rests.Count > MostRuns)
            {
                dropped += _rests.Count - MostRuns;
                _rests.RemoveRange(0, _rests.Count - MostRuns);
            }
        }

        if (dropped > 0)
        {
            LogDropped(_logger, _provider, dropped);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The owner of {Provider} does not take reports; they are repeated each 200 ms, and its circuit learns nothing from here meanwhile.")]
    private static partial void LogNotReached(ILogger logger, Exception exception, string provider);

    [LoggerMessage(Level = LogLevel.Information, Message = "The owner of {Provider} takes reports again.")]
    private static partial void LogReachedAgain(ILogger logger, string provider);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The owner of {Provider} has been away for so long that {Count} of the oldest reports were dropped.")]
    private static partial void LogDropped(ILogger logger, string provider, int count);
}
