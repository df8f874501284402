using Infermux.Core.Budgets;
using Infermux.Grains.Budgets;
using Infermux.Hosting.Clustering;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Infermux.Hosting.Ledger;

/// <summary>
/// Watches the ledger's epoch: once a second for the alarm, and whenever an account was read or first written, so that no grant rests on a store that came back
/// as another one. A first start writes it; this process remembers what it saw.
/// </summary>
internal sealed partial class RedisLedgerTrust(LedgerEpochStore store, PinnedEpoch pinned, LedgerMetrics metrics, TimeProvider time, ILogger<RedisLedgerTrust> logger)
    : BackgroundService, ILedgerTrust
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private LedgerTrust? _known; // the last one that held
    private LedgerTrust? _current;

    public LedgerTrust Current => Volatile.Read(ref _current) ?? new("", 0, "the store was not asked yet");

    public async Task<LedgerTrust> ConfirmAsync()
    {
        var stored = await store.ReadAsync();
        LedgerTrust? known;
        lock (_gate)
        {
            known = _known;
        }

        if (stored is null && pinned.Epoch is null && known is null)
        {
            stored = await store.CreateAsync();
        }

        return Take(LedgerTrust.Judge(pinned.Epoch, known, stored));
    }

    public async Task DoubtAsync(LedgerMark seen)
    {
        LogGatewayDoubts(seen.Epoch, Current.Epoch);
        await store.DoubtAsync();
        await ConfirmAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Every, time);
            do
            {
                await WatchAsync();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the host stops
        }
    }

    private async Task WatchAsync()
    {
        try
        {
            await ConfirmAsync();
        }
        catch (Exception unanswered) when (StoreFailures.IsUnanswered(unanswered))
        {
            LogUnanswered(unanswered); // what was last seen stands: accounts cannot store either
        }
    }

    private LedgerTrust Take(LedgerTrust trust)
    {
        lock (_gate)
        {
            var before = _current;
            _known = trust.Holds && trust.Epoch.Length > 0 ? trust : _known;
            Volatile.Write(ref _current, trust);
            if (!string.Equals(trust.Doubt, before?.Doubt, StringComparison.Ordinal))
            {
                Tell(trust, before);
            }
        }

        return trust;
    }

    private void Tell(LedgerTrust trust, LedgerTrust? before)
    {
        metrics.Holds = trust.Holds;
        if (trust.Doubt is { } doubt)
        {
            LogLost(doubt);
        }
        else if (before is not null)
        {
            LogHoldsAgain(trust.Epoch);
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The ledger is not the one it was: {Doubt}. Requests under hard budgets are refused. Find out what happened to the "
        + "store and restore it if you can; then accept it as it is with 'infermux state adopt'. A first start with a pinned epoch needs that too")]
    private partial void LogLost(string doubt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The ledger {Epoch} is accepted; hard budgets are served again")]
    private partial void LogHoldsAgain(string epoch);

    [LoggerMessage(Level = LogLevel.Error, Message = "A gateway remembers the ledger {Seen}, and the store holds {Stored}")]
    private partial void LogGatewayDoubts(string seen, string stored);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The store did not tell its ledger epoch")]
    private partial void LogUnanswered(Exception unanswered);
}
