using System.Collections.Concurrent;
using Infermux.Gateway.Money.Journal;
using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Money;

/// <summary>
/// The money side of this gateway. Starts by replaying what earlier incarnations left, stops by waiting for acknowledgements as long as the host allows;
/// what is left then is in the journal. Registered after Orleans, so that it stops before it.
/// </summary>
internal sealed partial class Settlements : ISettlements, IHostedService, IDisposable
{
    private readonly ConcurrentDictionary<string, SettleQueue> _queues = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<SettleQueue> _replayed = [];
    private readonly Outstanding _outstanding = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<ISettleJournal> _open;
    private readonly SettlePace _pace;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly AccountCalls _calls;
    private readonly SettleSender _settles;
    private readonly VoidSender _voids;
    private readonly HoldRefresher _refresher;
    private ISettleJournal? _journal;
    private Task _running = Task.CompletedTask;
    private bool _disposed;

    // The journal is opened at the start, not here: a container that is only built touches no file.
    public Settlements(
        Func<ISettleJournal> open, Func<string, ICallerBudgetGrain> accounts, AccountMemory memory, SettlePace pace, TimeProvider time, Random random,
        ILogger<Settlements> logger)
    {
        (_open, _pace, _time, _logger) = (open, pace, time, logger);
        _calls = new AccountCalls(accounts, memory, pace, time);
        _settles = new SettleSender(_calls, _outstanding, pace, time, random, logger);
        _voids = new VoidSender(_calls, memory, _outstanding, pace, time, random, logger);
        _refresher = new HoldRefresher(_calls, pace, time, logger);
    }

    /// <summary>So much waits for acknowledgement that no new money should be promised: <see cref="SettlePace.BacklogBytes"/>.</summary>
    public bool Backlogged => Journal.Unacknowledged > _pace.BacklogBytes;

    private ISettleJournal Journal =>
        _journal ?? throw new InvalidOperationException("Settlements are used before they are started. Register AddSettlements before whatever serves requests.");

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _journal = _open();
        foreach (var account in _journal.Replay())
        {
            var queue = new SettleQueue(account, _journal);
            _replayed.Add(queue);
            _outstanding.Add(queue.Count);
            LogReplay(_logger, account.Account, queue.Count);
            _settles.Wake(queue, _stopping.Token);
        }

        _running = Task.WhenAll(_refresher.RunAsync(_stopping.Token), TidyAsync(_stopping.Token));
        return Task.CompletedTask;
    }

    public void Settle(Settlement settlement)
    {
        var queue = _queues.GetOrAdd(settlement.Account, static (account, journal) => new SettleQueue(account, journal), Journal);
        _outstanding.Add(1);
        queue.Add(settlement);
        _settles.Wake(queue, _stopping.Token);
    }

    public void Void(string account, Guid operation, int sequence) => _voids.Send(account, new VoidCommand(operation, sequence), _stopping.Token);

    public void KeepHeld(HeldOperation operation) => _refresher.Add(operation);

    public void LetGo(HeldOperation operation) => _refresher.Remove(operation);

    public Task DrainAsync(CancellationToken cancellationToken)
    {
        _settles.Hurry();
        return _outstanding.EmptiedAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await DrainAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            LogLeft(_logger, _outstanding.Count);
        }

        await _stopping.CancelAsync();
        await Task.WhenAll(_settles.StoppedAsync(), _voids.StoppedAsync(), _running);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return; // the container disposes it once per service it is registered as
        }

        _stopping.Cancel();
        _stopping.Dispose();
        _calls.Dispose();
        _journal?.Dispose();
    }

    /// <summary>Keeps one silent account from keeping all the files that others filled after it.</summary>
    private async Task TidyAsync(CancellationToken stopping)
    {
        try
        {
            using var timer = new PeriodicTimer(_pace.RefreshEvery, _time);
            while (await timer.WaitForNextTickAsync(stopping))
            {
                Tidy();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The next start reads the files as they are.
        }
    }

    private void Tidy()
    {
        while (Journal.Wasteful() is { } segment)
        {
            foreach (var queue in _queues.Values.Concat(_replayed))
            {
                queue.Rewrite(segment);
            }

            if (Journal.Wasteful() == segment)
            {
                return; // the disk refuses; the journal has said so
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Replaying {Settlements} settlements of {Caller} that an earlier start left unacknowledged.")]
    private static partial void LogReplay(ILogger logger, string caller, int settlements);

    [LoggerMessage(LogLevel.Warning, "{Settlements} settlements and voids are unacknowledged at the end of the drain; settlements follow at the next start.")]
    private static partial void LogLeft(ILogger logger, int settlements);
}
