using Infermux.Core.Circuits;
using Infermux.Grains.Contracts.Providers;

namespace Infermux.Gateway.Reporting;

/// <summary>
/// What this gateway still has to tell one provider's owner. Outcomes are collected under a short lock; one report is under way at a time, and one that is
/// not known to have arrived goes out again under the same number before anything newer.
/// </summary>
internal sealed partial class ProviderOutbox : IDisposable
{
    private const int MostRuns = 1_000;
    private const int MostCorrections = 10_000;
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
    private readonly SentMinute _minute = new();
    private List<TokenCorrection> _tokens = [];
    private List<RestHint> _rests = [];
    private OutcomeReport? _unacknowledged;
    private Task _sending = Task.CompletedTask;
    private DateTimeOffset _due = DateTimeOffset.MaxValue;
    private DateTimeOffset? _waitsSince;
    private long _number;
    private long _highestGeneration;
    private long _owner; // the incarnation that was told of the last minute; only the send under way touches it
    private bool _limited;
    private bool _tellMinute;
    private int _processes = 1;
    private int _inFlight;
    private int _reportedInFlight;
    private int _dispatched;
    private int _outcomes;
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

    /// <param name="generation">Generation it was admitted under.</param>
    /// <param name="reserved">Tokens reserved at admission; null where nothing was.</param>
    public void Dispatched(long generation, long? reserved)
    {
        lock (_gate)
        {
            if (reserved is { } tokens)
            {
                _minute.Sent(tokens, _time.GetUtcNow());
                _limited = true;
            }

            _inFlight++;
            _dispatched++;
            _highestGeneration = Math.Max(_highestGeneration, generation);
            SendInCompany();
        }
    }

    public void Succeeded(long generation, Guid? permit, TimeSpan latency, bool forP95)
    {
        lock (_gate)
        {
            if (permit is null)
            {
                _runs.Success(generation, latency.TotalMilliseconds, forP95);
                _outcomes++;
                SendInCompany();
            }
            else
            {
                var single = new RunList();
                single.Success(generation, latency.TotalMilliseconds, forP95);
                _runs.Probe(single.Take()[0] with { ProbePermit = permit });
                SendNow(); // everybody waits for a probe
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

            _outcomes++;
            if (permit is not null || rest is not null || kind is OutcomeKind.Fault or OutcomeKind.BrokeAfterContent)
            {
                SendNow();
            }
            else
            {
                SendInCompany();
            }
        }
    }

    public void Ended(TokenCorrection? used, long? reserved)
    {
        lock (_gate)
        {
            _inFlight = Math.Max(0, _inFlight - 1);
            if (used is not null)
            {
                _minute.UsedBeyond(used.Tokens - (reserved ?? 0), _time.GetUtcNow());
                _tokens.Add(used);
            }

            SendInCompany();
        }
    }

    /// <summary>Sends at once what waits for company, if there is an outcome in it.</summary>
    public void TellNow()
    {
        lock (_gate)
        {
            if (!_runs.IsEmpty)
            {
                SendNow();
            }
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

                SendNow();
                sending = _sending;
            }

            await sending.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();

    /// <summary>Whether a new owner would need to hear of the last minute: then it is spoken to each second, or it could not be noticed in time.</summary>
    private bool IsHeir => _limited && (_limited = !_minute.IsEmpty(_time.GetUtcNow()));

    private bool HasNews => _unacknowledged is not null || !_runs.IsEmpty || _tokens.Count > 0 || _rests.Count > 0 || _dispatched > 0 || _inFlight != _reportedInFlight;
}
