using System.Collections.Frozen;
using Infermux.Core.Configuration;
using Infermux.Core.Routing;
using Infermux.Grains.Contracts.Providers;
using Microsoft.Extensions.Logging;

namespace Infermux.Grains.Routing;

/// <summary>
/// What this process knows of every provider: views that their owners push, with one question a second to the directory as the net under the pushes. Reads
/// take no lock. Starts and stops with the silo or client, so before the web server: a process that answers callers has looked once at what the others know.
/// </summary>
public sealed partial class ProviderViews
    : IProviderViewObserver, ILifecycleParticipant<ISiloLifecycle>, ILifecycleParticipant<IClusterClientLifecycle>, IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    /// <summary>What the start waits for owners: their deadline for the store. Who answers later is looked at as closed and healthy until then.</summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(1);

    private readonly ICurrentConfiguration _configuration;
    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly ILogger<ProviderViews> _logger;
    private readonly ProcessIdentity _process;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _writing = new();
    private volatile ProviderViewSnapshot _current;
    private volatile FrozenDictionary<string, ProviderLink> _links = FrozenDictionary<string, ProviderLink>.Empty;
    private volatile ProcessCount _count = new(1, 1);
    private (Guid Directory, long Version) _heard;
    private long _news;
    private bool _directoryLost;
    private bool _selects;
    private Action<string>? _suspected;
    private IProviderViewObserver? _self;
    private IDisposable? _reloads;
    private Task _polling = Task.CompletedTask;

    /// <summary>Knows nothing yet: everything counts as closed and healthy.</summary>
    public ProviderViews(
        ICurrentConfiguration configuration, IGrainFactory grains, ProcessIdentity process, TimeProvider time, ILogger<ProviderViews> logger)
    {
        (_configuration, _grains, _process, _time, _logger) = (configuration, grains, process, time, logger);
        _current = new ProviderViewSnapshot(configuration.Current.Options.Providers);
    }

    /// <summary>What is known now.</summary>
    public ProviderViewSnapshot Current => _current;

    /// <summary>The provider's last view; null where none has come.</summary>
    public ProviderView? Find(string provider) => _current.Find(provider);

    /// <summary>States in the order of a configuration's providers.</summary>
    public ReadOnlySpan<CandidateState> States(IReadOnlyList<ProviderOptions> providers) => _current.States(providers);

    /// <summary>How many processes were last seen.</summary>
    public ProcessCount Processes => _count;

    /// <summary>Rises with each newer view and each answer of the directory: whether anybody is heard at all.</summary>
    public long News => Volatile.Read(ref _news);

    /// <summary>Calls back with each provider whose circuit comes under suspicion: what is known of its successes here should go to its owner now.</summary>
    public void OnSuspicion(Action<string> act) => _suspected += act;

    /// <summary>Takes a view that came from anywhere; an older one changes nothing.</summary>
    public Task ChangedAsync(ProviderView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        bool isNews;
        lock (_writing)
        {
            var before = _current;
            _current = before.With(view);
            isNews = !ReferenceEquals(before, _current);
            Interlocked.Add(ref _news, isNews ? 1 : 0);
        }

        Heard(view.Provider, view.Incarnation);
        if (isNews && view.Suspected)
        {
            _suspected?.Invoke(view.Provider);
        }

        return Task.CompletedTask;
    }

    /// <summary>An owner of this incarnation answered. One that is new does not know this process: it is subscribed to at once.</summary>
    public void Heard(string provider, long incarnation)
    {
        if (_self is not null && _links.TryGetValue(provider, out var link) && link.Misses(incarnation))
        {
            _ = SubscribeAsync(link);
        }
    }

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(ProviderViews), ServiceLifecycleStage.Last, stop => StartAsync(selects: true, stop), StopAsync);

    /// <inheritdoc/>
    public void Participate(IClusterClientLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(ProviderViews), ServiceLifecycleStage.Last, stop => StartAsync(selects: false, stop), StopAsync);

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    /// <param name="selects">Routers of a silo choose by figures; a gateway without one asks them, and does with the figures of the last second.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    private async Task StartAsync(bool selects, CancellationToken cancellationToken)
    {
        _selects = selects;
        _self = _grains.CreateObjectReference<IProviderViewObserver>(this);
        _reloads = _configuration.OnChange(changed => _ = Follow(changed));
        var first = Follow(_configuration.Current);
        _polling = PollAsync(_stopping.Token);
        await Task.WhenAny(first, Task.Delay(FirstLook, _time, cancellationToken));
    }

    /// <summary>Takes leave while the silo or client still runs; owners forget a process that cannot after 30 s.</summary>
    private async Task StopAsync(CancellationToken cancellationToken)
    {
        _reloads?.Dispose();
        await _stopping.CancelAsync();
        await _polling;
        await Task.WhenAll(_links.Values.Select(LeaveAsync));
        if (_self is not null)
        {
            _grains.DeleteObjectReference<IProviderViewObserver>(_self);
        }
    }

    /// <summary>Watches the providers of a configuration; ends once those that are new have answered or failed.</summary>
    private Task Follow(ConfigurationSnapshot configuration)
    {
        var providers = configuration.Options.Providers;
        FrozenDictionary<string, ProviderLink> before, now;
        lock (_writing)
        {
            _current = _current.For(providers);
            before = _links;
            now = _links = providers.Select(static provider => provider.Name).Distinct(StringComparer.Ordinal)
                .ToFrozenDictionary(static name => name, name => before.GetValueOrDefault(name) ?? Link(name), StringComparer.Ordinal);
        }

        foreach (var (name, link) in before)
        {
            if (!now.ContainsKey(name))
            {
                _ = LeaveAsync(link);
            }
        }

        return Task.WhenAll(now.Where(link => !before.ContainsKey(link.Key)).Select(link => SubscribeAsync(link.Value)));
    }

    private ProviderLink Link(string provider) => new(provider, _selects, _grains.GetGrain<IProviderGrain>(provider), _time);

    private async Task PollAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(PollInterval, _time);
        var asking = Task.CompletedTask;
        try
        {
            do
            {
                asking = asking.IsCompleted ? AskDirectoryAsync() : asking;
                foreach (var link in _links.Values.Where(static link => link.IsDue))
                {
                    _ = SubscribeAsync(link); // a slow owner keeps nobody else's waiting
                }
            }
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task AskDirectoryAsync()
    {
        try
        {
            var (directory, version) = _heard;
            var answer = await _grains.GetGrain<IProviderDirectoryGrain>(0).SinceAsync(new ViewQuestion(_process.Id, _process.Serves, directory, version));
            _heard = (answer.Directory, answer.Version);
            _count = answer.Processes > 0 ? new ProcessCount(answer.Processes, answer.Gateways) : _count;
            _directoryLost = false;
            Interlocked.Increment(ref _news);
            foreach (var view in answer.Views)
            {
                await ChangedAsync(view);
            }
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            if (!_directoryLost)
            {
                _directoryLost = true;
                LogDirectoryLost(exception);
            }
        }
        catch (Exception exception)
        {
            LogDirectoryLost(exception);
        }
    }

    private async Task SubscribeAsync(ProviderLink link)
    {
        try
        {
            if (await link.SubscribeAsync(_self!) is not { } view)
            {
                return;
            }

            await ChangedAsync(view);
            if (link.Lost)
            {
                link.Lost = false;
                LogFound(link.Provider);
            }
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
        {
            if (!link.Lost)
            {
                link.Lost = true;
                LogLost(exception, link.Provider);
            }
        }
        catch (Exception exception)
        {
            LogUnfinished(exception, link.Provider);
        }
    }

    private async Task LeaveAsync(ProviderLink link)
    {
        try
        {
            await link.UnsubscribeAsync(_self!).WaitAsync(Farewell);
        }
        catch (Exception exception)
        {
            LogUnfinished(exception, link.Provider);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The owner of provider {Provider} does not answer; selection goes on with its last view")]
    private partial void LogLost(Exception exception, string provider);

    [LoggerMessage(Level = LogLevel.Information, Message = "The owner of provider {Provider} answers again")]
    private partial void LogFound(string provider);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The directory of views did not answer; owners push meanwhile, and it is asked again each second")]
    private partial void LogDirectoryLost(Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The owner of provider {Provider} was not told goodbye; it forgets this process by itself")]
    private partial void LogUnfinished(Exception exception, string provider);
}
