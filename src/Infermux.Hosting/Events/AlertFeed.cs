using Infermux.Grains.Contracts.Budgets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Infermux.Hosting.Events;

/// <summary>Brings the alerts of all silos to this process's event bus. Subscribes from the moment the host has started, anew every ten seconds.</summary>
internal sealed partial class AlertFeed(IGrainFactory grains, EventBus bus, TimeProvider time, ILogger<AlertFeed> logger)
    : IAlertObserver, IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private IAlertObserver? _self;
    private Task _renewing = Task.CompletedTask;

    public Task AlertedAsync(AlertNotice notice)
    {
        bus.Publish(new BudgetAlerted
        {
            Account = notice.Account,
            Share = notice.Share,
            LimitUsd = notice.LimitUsd,
            SettledUsd = notice.Settled,
            Action = notice.Action,
        });
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        _self = grains.CreateObjectReference<IAlertObserver>(this);
        await SubscribeAsync(); // so that a process that says it is ready misses none
        _renewing = RenewAsync(_stopping.Token);
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _renewing;
        if (_self is not { } self)
        {
            return; // told to stop before the start was done
        }

        try
        {
            await grains.GetGrain<IAlertsGrain>(0).UnsubscribeAsync(self).WaitAsync(Farewell, time, cancellationToken);
        }
        catch (Exception unanswered)
        {
            LogUnanswered(unanswered); // it is forgotten after 30 s
        }

        grains.DeleteObjectReference<IAlertObserver>(self);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();

    private async Task RenewAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Renewal, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                await SubscribeAsync();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task SubscribeAsync()
    {
        try
        {
            await grains.GetGrain<IAlertsGrain>(0).SubscribeAsync(_self!);
        }
        catch (Exception unanswered)
        {
            LogUnanswered(unanswered); // asked again in ten seconds; alerts are in the silos' logs meanwhile
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The cluster's alerts did not answer; budget alerts may be missing from this process's events")]
    private partial void LogUnanswered(Exception exception);
}
