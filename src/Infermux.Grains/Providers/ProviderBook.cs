using Infermux.Core.Circuits;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Core.Limits;
using Infermux.Grains.Contracts.Providers;

namespace Infermux.Grains.Providers;

/// <summary>
/// All an owner knows of its provider, and the one place where Core's parts meet: circuit, limits, rests, health, figures. Synchronous, reads no clock and
/// does no I/O; <see cref="ProviderGrain"/> gives it identity, storage and time.
/// </summary>
internal sealed partial class ProviderBook
{
    private static readonly TimeSpan RemovedMemory = TimeSpan.FromHours(24);
    private readonly string _name;
    private readonly DateTimeOffset _startedAt;
    private readonly HashSet<Guid> _heirs = [];
    private readonly ProviderCircuit _circuit;
    private readonly ProviderLimits _limits;
    private readonly ModelRests _rests;
    private readonly RollingMinute _requests = new();
    private readonly RollingMinute _errors = new();
    private readonly Admissions _admissions = new();
    private readonly ReportNumbers _reports = new();
    private HealthState _health;
    private IReadOnlyList<string>? _listed;
    private DateTimeOffset? _lastSuccess;
    private DateTimeOffset? _exploringUntil;
    private AdmissionKey? _explorer;
    private string _fingerprint;
    private DateTimeOffset? _removedAt;
    private double _ewmaDecay;
    private int _restsVersion;
    private int _settingsVersion;

    /// <summary>The book of a new activation.</summary>
    /// <param name="name">The provider.</param>
    /// <param name="stored">What the owner before left; null where there was none or the store does not answer.</param>
    /// <param name="learns">Whether there may have been an owner before, so that this one listens for a second first.</param>
    /// <param name="options">The configuration in force.</param>
    /// <param name="random">Spreads rests.</param>
    /// <param name="now">The time.</param>
    public ProviderBook(string name, ProviderState? stored, bool learns, InfermuxOptions options, Random random, DateTimeOffset now)
    {
        if (stored?.RemovedAt is { } removed && now - removed >= RemovedMemory)
        {
            stored = new ProviderState { Generation = stored.Generation + 1 };
        }

        var learnsUntil = learns ? now + TimeSpan.FromSeconds(1) : now;
        _name = name;
        _startedAt = now;
        _fingerprint = stored?.Fingerprint ?? "";
        _removedAt = stored?.RemovedAt;
        _rests = new(random);
        _limits = new(learnsUntil);
        Provider = Find(options);
        _circuit = new(Provider?.CircuitBreaker ?? options.CircuitBreaker, stored?.ToCircuit() ?? new Circuit.Closed(1), now, learnsUntil);
        foreach (var rest in stored?.Rests ?? [])
        {
            _rests.Restore(rest.TargetModel, RestReasonOf(rest.Reason), rest.Until);
        }

        Use(options, now);
    }

    /// <summary>Its settings; null while the file does not name it.</summary>
    public ProviderOptions? Provider { get; private set; }

    /// <summary>Whether there is a place to take with each attempt.</summary>
    public bool CountsPlaces => Provider is { } p && ProviderLimits.Any(p);

    /// <summary>How many processes watch, and may report.</summary>
    public int Reporters
    {
        set => _circuit.Reporters = value;
    }

    /// <summary>The circuit, for logs.</summary>
    public Circuit Circuit => _circuit.State;

    /// <summary>What health checks say.</summary>
    public HealthState Health => _health;

    /// <summary>Changes exactly when the record must be stored again.</summary>
    public object StoredMark => (_circuit.State, _restsVersion, _fingerprint, _removedAt);

    /// <summary>Changes exactly when others must hear of it at once, not with the next figures.</summary>
    public object UrgentMark(DateTimeOffset now) =>
        (_circuit.State, _circuit.Suspected, _restsVersion, _settingsVersion, _health, Healthy(now), Exploring(now), LimitedUntil(now) is null);

    /// <summary>When time alone will next change something that others look at; null where it will not.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset now)
    {
        DateTimeOffset? healthLapses = Provider is { } p && Health.Failing && _lastSuccess is { } s ? s + p.HealthCheck.Interval : null;
        DateTimeOffset?[] all = [_circuit.NextChange, _limits.NextLapse, _exploringUntil, healthLapses, LimitedUntil(now)];
        return all.Where(at => at > now).Min();
    }

    /// <summary>Takes a configuration: a different upstream under the same name starts afresh; one that is gone admits nothing.</summary>
    public void Use(InfermuxOptions options, DateTimeOffset now)
    {
        Provider = Find(options);
        _settingsVersion++;
        _ewmaDecay = options.Routing.LeastLatency.EwmaDecay;
        if (Provider is null)
        {
            _removedAt ??= now;
            return;
        }

        _removedAt = null;
        _circuit.Use(Provider.CircuitBreaker, now);
        var fingerprint = ProviderFingerprint.Of(Provider);
        if (_fingerprint.Length > 0 && !_fingerprint.Equals(fingerprint, StringComparison.Ordinal))
        {
            Forget(now);
        }

        _fingerprint = fingerprint;
    }

    /// <summary>Lets time pass.</summary>
    public void Advance(DateTimeOffset now)
    {
        _circuit.Advance(now);
        _exploringUntil = _exploringUntil <= now ? null : _exploringUntil;
    }

    /// <summary>Admits an attempt or says why not. A repeated question gets the first answer if that admitted it.</summary>
    public Admission Admit(AdmitRequest request, DateTimeOffset now)
    {
        Advance(now);
        var key = new AdmissionKey(request.Operation, request.Attempt);
        if (_admissions.Given(key, now) is { } before)
        {
            return before;
        }

        if (now > request.NotAfter)
        {
            return Refuse(Refusals.NotAdmitted, null); // whoever asked has given up long ago
        }

        if (Refusal(request, now) is { } refused)
        {
            return refused;
        }

        Guid? permit = null;
        if (_circuit.State is Circuit.HalfOpen)
        {
            permit = Guid.NewGuid();
            if (!_circuit.TryProbe(permit.Value, Provider!.PermitLife(request.Stream), now))
            {
                return Refuse(Refusals.NotAdmitted, null); // still learning
            }
        }

        _limits.Take(key, request.Tokens, now);
        (_explorer, _exploringUntil) = request.Exploratory ? (key, now + Provider!.Timeout) : (_explorer, _exploringUntil);
        var admission = new Admission(true, "", null, _circuit.State.Generation, permit);
        _admissions.Remember(key, admission, now);
        return admission;
    }

    /// <summary>Takes an admission back that was not used; one that is still to come will be refused.</summary>
    public void Release(Guid operation, int attempt, DateTimeOffset now)
    {
        Advance(now);
        var key = new AdmissionKey(operation, attempt);
        if (_admissions.Given(key, now) is { ProbePermit: { } permit } probe)
        {
            Tell(new OutcomeRun { Generation = probe.Generation, Kind = OutcomeKind.Cancelled, Count = 1, ProbePermit = permit }, Guid.Empty, now);
        }

        _exploringUntil = _explorer == key ? null : _exploringUntil;
        _limits.Release(key);
        _admissions.Remember(key, Refuse(Refusals.NotAdmitted, null), now);
    }

    /// <summary>Books a gateway's report; a repeated one only renews its count in flight.</summary>
    public void Report(OutcomeReport report, DateTimeOffset now)
    {
        Advance(now);
        if (_reports.IsOld(report.Gateway, report.Number))
        {
            return; // a later one has come before it: its count in flight is of the past
        }

        var isNew = _reports.IsNew(report.Gateway, report.Number, now);
        _limits.Report(report.Gateway, report.InFlight, isNew ? report.Dispatched : 0, now);
        if (!isNew)
        {
            return;
        }

        _circuit.Adopt(report.HighestGeneration);
        _requests.Add(report.Dispatched, now);
        foreach (var run in report.Runs)
        {
            Tell(run, report.Gateway, now);
        }

        Inherit(report, now);
        foreach (var used in report.Tokens)
        {
            _limits.Correct(new(used.Operation, used.Attempt), used.Tokens);
        }

        foreach (var rest in report.Rests)
        {
            var reason = rest.QuotaExhausted ? RestReason.QuotaExhausted : RestReason.RateLimited;
            _restsVersion += _rests.Add(rest.TargetModel, reason, rest.RetryAfter, now) ? 1 : 0;
        }
    }

    /// <summary>Acts by hand.</summary>
    public void Control(CircuitControl control, DateTimeOffset now)
    {
        Advance(now);
        switch (control)
        {
            case CircuitControl.Open or CircuitControl.Hold:
                _circuit.Open(control == CircuitControl.Hold, now);
                break;
            case CircuitControl.Close:
                _circuit.Close(forget: false, now);
                break;
            case CircuitControl.Reset:
                Forget(now);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(control), control, "There is no such control.");
        }
    }

    /// <summary>Books a health check.</summary>
    public void Checked(ProbeResult result, DateTimeOffset now)
    {
        if (result.Checked)
        {
            _health = _health.After(result.Alive, now);
            _listed = result.Models ?? _listed;
        }
    }

    /// <summary>
    /// Takes what a store that answered late had kept: the generation others may have seen, and what was held by hand. The rest was learned anew meanwhile.
    /// </summary>
    public void LoadedLate(ProviderState stored, DateTimeOffset now)
    {
        _circuit.Adopt(stored.Generation + 1);
        if (stored is { Circuit: CircuitState.Open, Until: null } && stored.Fingerprint.Equals(_fingerprint, StringComparison.Ordinal))
        {
            _circuit.Open(hold: true, now);
        }
    }

    private ProviderOptions? Find(InfermuxOptions options) => options.Providers.FirstOrDefault(p => p.Name.Equals(_name, StringComparison.Ordinal));

    private Admission? Refusal(AdmitRequest request, DateTimeOffset now)
    {
        if (Provider is null || (request.Exploratory && Exploring(now)))
        {
            return Refuse(Refusals.NotAdmitted, null);
        }

        switch (_circuit.State)
        {
            case Circuit.Open open:
                return Refuse(Refusals.CircuitOpen, open.Until);
            case Circuit.HalfOpen { Probe: { } probe }:
                return Refuse(Refusals.ProbeOut, probe.Ends);
            default:
                var room = _limits.Check(Provider, request.Tokens, now);
                return room.Refusal switch
                {
                    null => null,
                    LimitRefusal.RateLimited => Refuse(Refusals.RateLimited, room.Until),
                    _ => Refuse(Refusals.MaxConcurrency, room.Until),
                };
        }
    }

    /// <summary>Each gateway tells its last minute once; of that, what this owner admitted itself is known.</summary>
    private void Inherit(OutcomeReport report, DateTimeOffset now)
    {
        if (report.LastMinute.Count == 0 || !_heirs.Add(report.Gateway))
        {
            return;
        }

        foreach (var second in report.LastMinute.Where(second => now - TimeSpan.FromSeconds(second.SecondsAgo) <= _startedAt))
        {
            _limits.Inherit(second.SecondsAgo, second.Requests, second.Tokens, now);
        }
    }

    private Admission Refuse(string why, DateTimeOffset? until) => new(false, why, until, _circuit.State.Generation, null);

    private void Tell(OutcomeRun run, Guid gateway, DateTimeOffset now)
    {
        var outcome = run.Kind switch
        {
            OutcomeKind.Success => Outcome.Success,
            OutcomeKind.Fault or OutcomeKind.BrokeAfterContent => Outcome.Fault,
            OutcomeKind.Cancelled => Outcome.Cancelled,
            _ => Outcome.Neutral,
        };
        if (outcome is Outcome.Fault)
        {
            _errors.Add(Math.Max(0, run.Count), now);
        }

        if (outcome is Outcome.Success && run.Generation >= _circuit.State.Generation)
        {
            _lastSuccess = now;
        }

        if (outcome is Outcome.Success or Outcome.Fault)
        {
            _exploringUntil = null; // there is a fresh verdict
        }

        _circuit.Tell(
            new OutcomeBatch
            {
                Gateway = gateway,
                Generation = run.Generation,
                Outcome = outcome,
                Count = run.Count,
                MeanLatencyMs = run.MeanLatencyMs,
                Latencies = run.Histogram,
                ProbePermit = run.ProbePermit,
            },
            _ewmaDecay,
            now);
    }

    private void Forget(DateTimeOffset now)
    {
        _circuit.Close(forget: true, now);
        _rests.Clear();
        _restsVersion++;
        (_health, _lastSuccess, _listed, _exploringUntil) = (default, null, null, null);
    }

    private bool Healthy(DateTimeOffset now) => Provider is null || !_health.Excludes(_lastSuccess, Provider.HealthCheck, now);

    private bool Exploring(DateTimeOffset now) => _exploringUntil > now;

    private DateTimeOffset? LimitedUntil(DateTimeOffset now) =>
        Provider is { } p && _limits.Check(p, 1, now) is { Refusal: LimitRefusal.RateLimited, Until: { } until } ? until : null;

    private List<ModelRest> Rests(DateTimeOffset now) =>
        [.. _rests.At(now).Select(r => new ModelRest(r.TargetModel, r.Until, FailureRules.TagOf(r.Reason)))];

    private static RestReason RestReasonOf(string tag) =>
        tag.Equals(FailureRules.TagOf(RestReason.QuotaExhausted), StringComparison.Ordinal) ? RestReason.QuotaExhausted : RestReason.RateLimited;
}
