using Infermux.Core.Circuits;
using Infermux.Core.Configuration;
using Infermux.Core.Limits;
using Infermux.Grains.Contracts.Providers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Infermux.Grains.Providers;

/// <summary>
/// Owns what the cluster knows of one provider. A shell: every call lets <see cref="ProviderBook"/> decide, then publishes and stores what changed. No call
/// awaits anything, so the grain needs no reentrancy; storage, pushes and health checks go on beside the turn and come back to this scheduler.
/// </summary>
[GrainType("infermux.provider")]
internal sealed partial class ProviderGrain(
    ICurrentConfiguration configuration,
    IProviderProbe probe,
    [FromKeyedServices(ProviderStore.StorageName)] IGrainStorage storage,
    TimeProvider time,
    ILogger<ProviderGrain> logger) : Grain, IProviderGrain, IDisposable
{
    private static readonly TimeSpan StoreDeadline = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxDue = TimeSpan.FromDays(1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ViewObservers _observers = new(logger);
    private ProviderBook _book = null!; // from OnActivateAsync on
    private ProviderStore _store = null!;
    private IDisposable _subscription = null!;
    private IGrainTimer _timer = null!;
    private ProviderView _view = null!;
    private object _storedMark = "";
    private object _urgentMark = "";
    private Circuit? _logged;
    private bool _figuresChanged;
    private bool _checking;
    private DateTimeOffset _viewMade;
    private DateTimeOffset? _attended;
    private DateTimeOffset _nextCheck;
    private DateTimeOffset _bookDue;
    private long _incarnation;
    private long _sequence;

    private TimeSpan FigureInterval => (_book.CountsPlaces ? ReportPace.PlaceFigures : ReportPace.Figures).For(_observers.Count);

    private string Name => this.GetPrimaryKeyString();

    /// <inheritdoc />
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _store = new(storage, this.GetGrainId(), time, logger)
        {
            LoadedLate = stored => { _book.LoadedLate(stored, Now); Changed(); },
            Superseded = GiveWay,
        };
        var (stored, answered) = await _store.LoadAsync(StoreDeadline);
        var now = Now;
        _book = new(Name, stored, learns: stored is not null || !answered, configuration.Current.Options, Random.Shared, now);
        _logged = _book.Circuit;
        _incarnation = Math.Max((stored?.Incarnation ?? 0) + 1, now.ToUnixTimeMilliseconds()); // above any before, also one that never reached the store
        _nextCheck = now;
        var scheduler = TaskScheduler.Current;
        _subscription = configuration.OnChange(changed => _ = Task.Factory.StartNew(
            () => Use(changed.Options), _stopping.Token, TaskCreationOptions.DenyChildAttach, scheduler));
        _timer = this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
        Changed();
    }

    /// <inheritdoc />
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        await _stopping.CancelAsync();
        if (_store is not null)
        {
            await _store.FlushAsync(StoreDeadline);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _store?.Dispose();
        _stopping.Dispose();
    }

    /// <inheritdoc />
    public ValueTask<Admission> AdmitAsync(AdmitRequest request)
    {
        var now = Now;
        if (HasSuccessor(request.Incarnation))
        {
            return ValueTask.FromResult(new Admission(false, Refusals.NotAdmitted, null, 0, null, now, _incarnation));
        }

        var admission = _book.Admit(request, now) with { SiloTime = now, Incarnation = _incarnation };
        Changed();
        return ValueTask.FromResult(admission);
    }

    /// <inheritdoc />
    public Task ReleaseAsync(Guid operation, int attempt)
    {
        _book.Release(operation, attempt, Now);
        Changed();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<ReportReceipt> ReportAsync(OutcomeReport report)
    {
        if (HasSuccessor(report.Incarnation))
        {
            throw new OrleansException($"Another owner of {Name} has taken over: report to it."); // the gateway repeats it
        }

        _book.Report(report, Now);
        Changed();
        return Task.FromResult(new ReportReceipt(_incarnation));
    }

    /// <inheritdoc />
    public ValueTask<ProviderView> GetAsync()
    {
        _book.Advance(Now);
        if (Now - _viewMade >= FigureInterval)
        {
            _figuresChanged = true;
        }

        Changed(figures: false);
        return ValueTask.FromResult(CurrentView());
    }

    /// <inheritdoc />
    public ValueTask<ProviderView> AttendAsync()
    {
        _attended = Now;
        return GetAsync();
    }

    /// <inheritdoc />
    public ValueTask<ProviderView> SubscribeAsync(IProviderViewObserver observer) => Add(observer, selects: true);

    /// <inheritdoc />
    public ValueTask<ProviderView> WatchAsync(IProviderViewObserver observer) => Add(observer, selects: false);

    /// <inheritdoc />
    public Task UnsubscribeAsync(IProviderViewObserver observer)
    {
        _observers.Remove(observer);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask<ProviderView> ControlAsync(CircuitControl control)
    {
        _book.Control(control, Now);
        LogControlled(logger, Name, control);
        Changed();
        return ValueTask.FromResult(CurrentView());
    }

    private DateTimeOffset Now => time.GetUtcNow();

    private ValueTask<ProviderView> Add(IProviderViewObserver observer, bool selects)
    {
        _observers.Add(observer, selects, Now);
        _book.Reporters = _observers.Count;
        return GetAsync();
    }

    /// <summary>Two owners may live for a moment while silos disagree on who is alive: the one that hears of the other's higher incarnation ends.</summary>
    private bool HasSuccessor(long incarnation)
    {
        if (incarnation <= _incarnation)
        {
            return false;
        }

        GiveWay();
        return true;
    }

    private void GiveWay()
    {
        LogSuperseded(logger, Name);
        DeactivateOnIdle();
    }

    private void Use(InfermuxOptions options)
    {
        var before = _book.Provider;
        _book.Use(options, Now);
        if (_book.Provider != before)
        {
            _nextCheck = Now;
        }

        Changed();
    }

    // What every call ends with: tell, then store, then set the alarm.
    private void Changed(bool figures = true)
    {
        var now = Now;
        _book.Advance(now);
        _figuresChanged |= figures;
        LogTransition();
        if (_book.UrgentMark(now) is var urgent && !urgent.Equals(_urgentMark))
        {
            _urgentMark = urgent;
            _figuresChanged = true;
            _observers.Push(CurrentView(), toAll: true, now);
            if (now - _attended <= ViewObservers.Life)
            {
                _ = GrainFactory.GetGrain<IProviderDirectoryGrain>(0).ToldAsync(CurrentView());
            }
        }
        else if (_figuresChanged && now - _viewMade >= FigureInterval)
        {
            _observers.Push(CurrentView(), toAll: false, now);
        }

        if (_book.StoredMark is var mark && !mark.Equals(_storedMark))
        {
            _storedMark = mark;
            _store.Save(_book.ToState(_incarnation, now));
        }

        SetAlarm(Now);
    }

    private ProviderView CurrentView()
    {
        if (_figuresChanged || _view is null)
        {
            (_figuresChanged, _viewMade) = (false, Now);
            _view = _book.ToView(_incarnation, ++_sequence, _viewMade);
        }

        return _view;
    }

    private void SetAlarm(DateTimeOffset now)
    {
        var next = _bookDue = _book.NextChange(now) ?? DateTimeOffset.MaxValue;
        if (_figuresChanged && _viewMade + FigureInterval < next)
        {
            next = _viewMade + FigureInterval;
        }

        if (ChecksHealth && !_checking && _nextCheck < next)
        {
            next = _nextCheck;
        }

        var due = next == DateTimeOffset.MaxValue ? Timeout.InfiniteTimeSpan : next > now ? next - now : TimeSpan.Zero;
        _timer.Change(due > MaxDue ? MaxDue : due, Timeout.InfiniteTimeSpan);
    }

    private Task Tick(CancellationToken cancellationToken)
    {
        if (ChecksHealth && !_checking && _nextCheck <= Now)
        {
            _ = CheckHealthAsync(_book.Provider!);
        }

        Changed(figures: _bookDue <= Now);
        return Task.CompletedTask;
    }

    private void LogTransition()
    {
        var circuit = _book.Circuit;
        if (_logged == circuit)
        {
            return;
        }

        switch (circuit)
        {
            case Circuit.Open open:
                LogOpened(logger, Name, CircuitRules.TagOf(open.Reason), open.Trips, open.Until);
                break;
            case Circuit.HalfOpen { Probe: { } out_ }:
                LogProbe(logger, Name, out_.Ends);
                break;
            case Circuit.HalfOpen:
                LogHalfOpen(logger, Name);
                break;
            default:
                LogClosed(logger, Name);
                break;
        }

        _logged = circuit;
    }
}
