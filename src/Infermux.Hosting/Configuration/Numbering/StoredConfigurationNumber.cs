using Infermux.Core.Budgets;
using Infermux.Core.Configuration;
using Infermux.Grains.Budgets;
using Infermux.Hosting.Clustering;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Infermux.Hosting.Configuration.Numbering;

/// <summary>
/// Asks the store for the number of this process's configuration: at the start, after each reload, and once a second, since others may have taken a change
/// back. While the store is away the last one known stands; no account can be stored then either.
/// </summary>
internal sealed partial class StoredConfigurationNumber(
    ConfigurationNumberStore store, ICurrentConfiguration configuration, IStoreClock clock, TimeProvider time, ILogger<StoredConfigurationNumber> logger)
    : BackgroundService, INumberedConfiguration
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _asking = new(1);
    private NumberedConfiguration _current = new(configuration.Current, 0);
    private bool _unanswered;

    public NumberedConfiguration Current => Volatile.Read(ref _current);

    /// <summary>Before the first account is read: the host's start waits for it, as long as the store takes.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryAsync();
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _asking.Dispose();
    }

    /// <summary>Asks once.</summary>
    internal async Task AskAsync()
    {
        await _asking.WaitAsync();
        try
        {
            var (snapshot, before) = (configuration.Current, _current);
            var number = await store.ClaimAsync(BudgetsFingerprint.Of(snapshot.Options.Budgets), before.Number, clock.Now ?? time.GetUtcNow());
            if (number != before.Number || !ReferenceEquals(snapshot, before.Snapshot))
            {
                Volatile.Write(ref _current, new(snapshot, number));
            }

            if (number != before.Number)
            {
                LogNumbered(snapshot.Hash, number);
            }
        }
        finally
        {
            _asking.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var changes = configuration.OnChange(changed => _ = TryAsync());
        try
        {
            using var timer = new PeriodicTimer(Every, time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the host stops
        }
    }

    private async Task TryAsync()
    {
        try
        {
            await AskAsync();
            _unanswered = false;
        }
        catch (Exception unanswered) when (StoreFailures.IsUnanswered(unanswered))
        {
            if (!_unanswered)
            {
                LogUnanswered(unanswered, Current.Number);
            }

            _unanswered = true; // said once
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The budgets of configuration {Hash} have number {Number}; accounts take limits from the highest")]
    private partial void LogNumbered(string hash, long number);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store did not number this configuration; accounts here go by number {Number} until it does")]
    private partial void LogUnanswered(Exception unanswered, long number);
}
