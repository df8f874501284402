using Infermux.Core.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Infermux.Hosting.Configuration.Reloading;

/// <summary>
/// The configuration in force, read again each second. Texts are compared and not times or inodes: a ConfigMap is swapped by a symlink that file watchers
/// miss. A file that does not load leaves the last good configuration in force and is reported once.
/// </summary>
internal sealed partial class PolledConfiguration : ICurrentConfiguration, IConfigurationStatus, IHostedService, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly ReloadMetrics _metrics;
    private readonly ILogger<PolledConfiguration> _logger;
    private readonly Lock _subscribing = new();
    private readonly InfermuxOptions _started;
    private IReadOnlyList<Subscription> _subscriptions = [];
    private IReadOnlyDictionary<string, string?> _files;
    private volatile LoadedConfiguration _loaded;
    private volatile ReloadProblem? _lastProblem;
    private PeriodicTimer? _timer;
    private Task _polling = Task.CompletedTask;

    public PolledConfiguration(LoadedConfiguration first, TimeProvider time, ReloadMetrics metrics, ILogger<PolledConfiguration> logger)
    {
        (_loaded, _files, _started) = (first, first.FilesRead, first.Snapshot.Options);
        (_time, _metrics, _logger) = (time, metrics, logger);
    }

    public ConfigurationSnapshot Current => _loaded.Snapshot;

    public LoadedConfiguration Loaded => _loaded;

    public ReloadProblem? LastReloadProblem => _lastProblem;

    public IDisposable OnChange(Action<ConfigurationSnapshot> changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        var subscription = new Subscription(this, changed);
        lock (_subscribing) { _subscriptions = [.. _subscriptions, subscription]; }
        return subscription;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_files.Count == 0) { return Task.CompletedTask; }
        _timer = new PeriodicTimer(Interval, _time);
        _polling = PollAsync(_timer);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _timer?.Dispose();
        return _polling.WaitAsync(cancellationToken);
    }

    public void Dispose() => _timer?.Dispose();

    private async Task PollAsync(PeriodicTimer timer)
    {
        while (await timer.WaitForNextTickAsync()) { Poll(); }
    }

    /// <summary>Looks at the files once; the timer calls it each second, never twice at a time.</summary>
    internal void Poll()
    {
        if (!_loaded.Loader.HasChanged(_files)) { return; }
        var result = _loaded.Loader.Load(_loaded.Request);
        _files = result.FilesRead;
        if (result.Loaded is { } loaded) { Apply(loaded); } else { Refuse(result.Problems); }
    }

    private void Apply(LoadedConfiguration loaded)
    {
        var changed = !string.Equals(loaded.Snapshot.Hash, _loaded.Snapshot.Hash, StringComparison.Ordinal)
            || RestartOnly.Changed(_loaded.Snapshot.Options, loaded.Snapshot.Options).Any(); // a listener is in no hash
        _lastProblem = null;
        if (!changed) { return; } // a comment, or back to what is in force
        _loaded = loaded;
        _metrics.Applied();
        Reloaded(loaded.File ?? "", loaded.Snapshot.Hash);
        foreach (var warning in loaded.Warnings) { Warned(warning.ToString()); }
        foreach (var key in RestartOnly.Changed(_started, loaded.Snapshot.Options)) { NeedsRestart(key); }
        foreach (var subscription in _subscriptions) { Notify(subscription, loaded.Snapshot); }
    }

    // One subscriber's fault must not keep the configuration from the others, nor stop the polling.
    private void Notify(Subscription subscription, ConfigurationSnapshot snapshot)
    {
        try
        {
            subscription.Changed(snapshot);
        }
#pragma warning disable CA1031 // whatever a subscriber throws is logged here with its stack
        catch (Exception e)
#pragma warning restore CA1031
        {
            SubscriberFailed(e);
        }
    }

    private void Refuse(IReadOnlyList<LocatedProblem> problems)
    {
        _lastProblem = new(_time.GetUtcNow(), problems);
        _metrics.Refused();
        Refused(_loaded.Snapshot.Hash, string.Join(Environment.NewLine, problems));
    }

    [LoggerMessage(LogLevel.Information, "Configuration {File} reloaded; its hash is now {Hash}.")]
    private partial void Reloaded(string file, string hash);

    [LoggerMessage(LogLevel.Warning, "{Warning}")]
    private partial void Warned(string warning);

    [LoggerMessage(LogLevel.Warning, "'{Key}' was changed; it takes effect at the next start.")]
    private partial void NeedsRestart(string key);

    [LoggerMessage(LogLevel.Error, "The changed configuration is refused, {Hash} stays in force:\n{Problems}")]
    private partial void Refused(string hash, string problems);

    [LoggerMessage(LogLevel.Error, "A part of this process failed to take over the reloaded configuration.")]
    private partial void SubscriberFailed(Exception exception);

    private sealed record Subscription(PolledConfiguration Owner, Action<ConfigurationSnapshot> Changed) : IDisposable
    {
        public void Dispose()
        {
            lock (Owner._subscribing) { Owner._subscriptions = [.. Owner._subscriptions.Where(s => !ReferenceEquals(s, this))]; }
        }
    }
}
