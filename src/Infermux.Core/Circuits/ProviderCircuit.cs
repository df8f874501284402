using Infermux.Core.Configuration;

namespace Infermux.Core.Circuits;

/// <summary>
/// One provider's circuit with what it is judged by: window, runs of faults, latency average. Reads no clock and is used by one thread at a time: the
/// provider's owner, or a gateway that reaches none.
/// </summary>
public sealed class ProviderCircuit
{
    private readonly FailureRuns _runs = new();
    private readonly DateTimeOffset _learnsUntil;
    private CircuitOptions _options;
    private OutcomeWindow _window;
    private bool _learned;

    /// <summary>A circuit.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="start">The state it begins in.</param>
    /// <param name="now">The time.</param>
    /// <param name="learnsUntil">Until then outcomes are booked, but neither they nor time change the state: an owner without memory listens first.</param>
    public ProviderCircuit(CircuitOptions options, Circuit start, DateTimeOffset now, DateTimeOffset? learnsUntil = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, State, _learnsUntil) = (options, start, learnsUntil ?? now);
        _learned = _learnsUntil <= now;
        _window = new(TimeSpan.FromSeconds(options.WindowSeconds), now);
    }

    /// <summary>The state as of the last call with a time.</summary>
    public Circuit State { get; private set; }

    /// <summary>The average over successes.</summary>
    public LatencyAverage Latency { get; private set; }

    /// <summary>Verdicts and latencies since it last closed, as far as the window reaches.</summary>
    public OutcomeWindow Window => _window;

    /// <summary>When time alone will next change the state; null where it will not.</summary>
    public DateTimeOffset? NextChange
    {
        get
        {
            var next = State is Circuit.Closed ? _runs.SuspectUntil : State.NextChange;
            return !_learned && !(next > _learnsUntil) ? _learnsUntil : next;
        }
    }

    /// <summary>
    /// Whether a run of faults that no single gateway saw whole will trip it unless somebody reports a success. Whoever has one should do so now.
    /// </summary>
    public bool Suspected => State is Circuit.Closed && _runs.SuspectUntil is not null;

    /// <summary>How many processes report, which is how long a success may be on its way.</summary>
    public int Reporters { get; set; }

    /// <summary>Takes settings from a reload. The state stays; a different window length starts an empty window.</summary>
    public void Use(CircuitOptions options, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        if (_window.Length != TimeSpan.FromSeconds(options.WindowSeconds))
        {
            _window = new(TimeSpan.FromSeconds(options.WindowSeconds), now);
        }
    }

    /// <summary>Lets time pass.</summary>
    public void Advance(DateTimeOffset now)
    {
        if (now < _learnsUntil)
        {
            return;
        }

        // What is due trips at the moment it was due, not when it is noticed: a late look must not lengthen an outage.
        if (!_learned)
        {
            _learned = true;
            if (ReasonLearned(now) is { } learned)
            {
                Trip(learned, _learnsUntil);
            }
        }

        if (_runs.SuspectUntil is { } due && due <= now)
        {
            Trip(OpenReason.ConsecutiveFailures, due > _learnsUntil ? due : _learnsUntil);
        }

        Become(State.At(now, _options));
    }

    /// <summary>
    /// Takes a generation that others have seen of an owner before this one, so that what they admitted under it counts.
    /// </summary>
    public void Adopt(long generation)
    {
        if (generation > State.Generation)
        {
            State = State with { Generation = generation };
        }
    }

    /// <summary>Books outcomes. Results of another generation than the present change nothing; a probe's result counts by its permit alone.</summary>
    public void Tell(OutcomeBatch batch, double ewmaDecay, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Advance(now);
        if (batch.ProbePermit is { } permit && State is Circuit.HalfOpen { Probe: { } probe } && probe.Permit == permit)
        {
            Become(State.After(new CircuitEvent.ProbeEnded(permit, batch.Outcome), now, _options));
            if (State is Circuit.Closed)
            {
                Book(batch, ewmaDecay, now);
            }

            return;
        }

        if (State is Circuit.Closed closed && closed.Generation == batch.Generation)
        {
            Book(batch, ewmaDecay, now);
        }
    }

    /// <summary>Takes the free probe permit of a half-open circuit; false where it is not half-open or the probe is out.</summary>
    public bool TryProbe(Guid permit, TimeSpan life, DateTimeOffset now)
    {
        Advance(now);
        if (now < _learnsUntil)
        {
            return false;
        }

        Become(State.After(new CircuitEvent.ProbeWanted(permit, life), now, _options));
        return State is Circuit.HalfOpen { Probe: { } probe } && probe.Permit == permit;
    }

    /// <summary>Opens it by hand.</summary>
    public void Open(bool hold, DateTimeOffset now) => Become(State.After(new CircuitEvent.OpenedByHand(hold), now, _options));

    /// <summary>Closes it without a probe; with <paramref name="forget"/> its statistics go too.</summary>
    public void Close(bool forget, DateTimeOffset now)
    {
        Become(State.After(new CircuitEvent.ClosedByHand(), now, _options));
        if (forget)
        {
            _window.Clear();
            Latency = default;
        }
    }

    private void Book(OutcomeBatch batch, double ewmaDecay, DateTimeOffset now)
    {
        if (batch.Count < 1)
        {
            return;
        }

        switch (batch.Outcome)
        {
            case Outcome.Success:
                BookSuccesses(batch, ewmaDecay, now);
                break;
            case Outcome.Fault:
                BookFaults(batch, now);
                break;
            default: // neither says anything of a provider whose circuit is closed
                break;
        }
    }

    private void BookSuccesses(OutcomeBatch batch, double ewmaDecay, DateTimeOffset now)
    {
        var before = _window.Verdicts(now);
        _runs.Succeeded(batch.Gateway);
        Latency = Latency.After(batch.Count, batch.MeanLatencyMs, ewmaDecay, now);
        _window.Book(batch.Count, 0, now);
        foreach (var (bucket, count) in batch.Latencies)
        {
            _window.BookLatency(bucket, count, now);
        }

        // Successes lower the rate, but one of them may be the verdict that makes it count: judge as of that one, as if they had come singly.
        var judgedOver = Math.Max(before + 1, Math.Min(_options.MinRequests, before + batch.Count));
        if (judgedOver >= _options.MinRequests && RateExceeded(_window.Faults(now), judgedOver))
        {
            Trip(OpenReason.ErrorRate, now);
        }
        else if (P95Exceeded(now))
        {
            Trip(OpenReason.LatencyP95, now);
        }
    }

    private void BookFaults(OutcomeBatch batch, DateTimeOffset now)
    {
        _window.Book(0, batch.Count, now);
        if (_runs.Failed(batch.Gateway, batch.Count, _options.ConsecutiveFailures, now + CircuitRules.ConfirmationTime.For(Reporters)))
        {
            Trip(OpenReason.ConsecutiveFailures, now);
        }
        else if (_window.Verdicts(now) is var verdicts && verdicts >= _options.MinRequests && RateExceeded(_window.Faults(now), verdicts))
        {
            Trip(OpenReason.ErrorRate, now);
        }
    }

    // Nothing booked while learning could trip it, so all is judged once at the end.
    private OpenReason? ReasonLearned(DateTimeOffset now) =>
        _runs.AnyReached(_options.ConsecutiveFailures) ? OpenReason.ConsecutiveFailures
        : _window.Verdicts(now) is var verdicts && verdicts >= Math.Max(1, _options.MinRequests) && RateExceeded(_window.Faults(now), verdicts) ? OpenReason.ErrorRate
        : P95Exceeded(now) ? OpenReason.LatencyP95
        : null;

    private bool RateExceeded(long faults, long verdicts) => (double)faults / verdicts > _options.ErrorRateThreshold;

    private bool P95Exceeded(DateTimeOffset now) =>
        _window.LatencySamples(now) >= Math.Max(1, _options.MinRequests) && _window.P95(now) > _options.LatencyP95Ms;

    private void Trip(OpenReason reason, DateTimeOffset now)
    {
        if (now >= _learnsUntil && State is Circuit.Closed)
        {
            Become(State.After(new CircuitEvent.Tripped(reason), now, _options));
        }
    }

    private void Become(Circuit next)
    {
        if (next is Circuit.Closed && next != State)
        {
            // What led to the outage is over and answered: the faults still in the window would trip it again at once.
            _runs.Clear();
            _window.Clear();
        }

        State = next;
    }
}
