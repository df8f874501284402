using System.Collections.Frozen;
using Infermux.Core.Configuration;
using Infermux.Core.Routing;
using Infermux.Grains.Contracts.Providers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Infermux.Grains.Routing;

/// <summary>
/// What this process knows of every provider: views that their owners push, with a poll each second as the net under the pushes. Reads take no lock. Runs in a
/// silo and in a client alike, from the moment the host has started.
/// </summary>
public sealed partial class ProviderViews : IProviderViewObserver, IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private readonly ICurrentConfiguration _configuration;
    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly ILogger<ProviderViews> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _writing = new();
    private volatile ProviderViewSnapshot _current;
    private volatile FrozenDictionary<string, ProviderLink> _links = FrozenDictionary<string, ProviderLink>.Empty;
    private IProviderViewObserver? _self;
    private IDisposable? _reloads;
    private Task _polling = Task.CompletedTask;

    /// <summary>Knows nothing yet: everything counts as closed and healthy.</summary>
    public ProviderViews(ICurrentConfiguration configuration, IGrainFactory grains, TimeProvider time, ILogger<ProviderViews> logger)
    {
        (_configuration, _grains, _time, _logger) = (configuration, grains, time, logger);
        _current = new ProviderViewSnapshot(configuration.Current.Options.Providers);
    }

    /// <summary>What is known now.</summary>
    public ProviderViewSnapshot Current => _current;

    /// <summary>The provider's last view; null where none has come.</summary>
    public ProviderView? Find(string provider) => _current.Find(provider);

    /// <summary>States in the order of a configuration's providers.</summary>
    public ReadOnlySpan<CandidateState> States(IReadOnlyList<ProviderOptions> providers) => _current.States(providers);

    /// <summary>Takes a view that came from anywhere; an older one changes nothing.</summary>
    public Task ChangedAsync(ProviderView view)
    {
        lock (_writing)
        {
            _current = _current.With(view);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Begins to watch; the silo or client has started by now, wherever it was registered.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _self = _grains.CreateObjectReference<IProviderViewObserver>(this);
        _reloads = _configuration.OnChange(Follow);
        Follow(_configuration.Current);
        _polling = PollAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    /// <summary>Takes leave while the silo or client still runs; owners forget a process that cannot after 30 s.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
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

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private void Follow(ConfigurationSnapshot configuration)
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

        foreach (var (name, link) in now)
        {
            if (!before.ContainsKey(name))
            {
                _ = RefreshAsync(link);
            }
        }

        foreach (var (name, link) in before)
        {
            if (!now.ContainsKey(name))
            {
                _ = LeaveAsync(link);
            }
        }
    }

    private ProviderLink Link(string provider) => new(provider, _grains.GetGrain<IProviderGrain>(provider), _time);

    private async Task PollAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(PollInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                foreach (var link in _links.Values)
                {
                    _ = RefreshAsync(link); // a slow owner keeps nobody else's waiting
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task RefreshAsync(ProviderLink link)
    {
        try
        {
            if (await link.RefreshAsync(_self!) is not { } view)
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

    [LoggerMessage(Level = LogLevel.Debug, Message = "The owner of provider {Provider} was not told goodbye; it forgets this process by itself")]
    private partial void LogUnfinished(Exception exception, string provider);
}
