using System.Collections.Concurrent;
using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Money;

/// <summary>
/// Tells accounts every 5 s which operations still run and what they cost so far. A refresh that is not answered is not repeated: the next one says the same,
/// newer.
/// </summary>
internal sealed partial class HoldRefresher(AccountCalls calls, SettlePace pace, TimeProvider time, ILogger logger)
{
    private readonly ConcurrentDictionary<HeldOperation, byte> _held = new();

    public IDisposable Add(string account, Guid operation, Func<decimal> actual)
    {
        var held = new HeldOperation(this, account, operation, actual);
        _held.TryAdd(held, 0);
        return held;
    }

    public void Remove(HeldOperation held) => _held.TryRemove(held, out _);

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            using var timer = new PeriodicTimer(pace.RefreshEvery, time);
            while (await timer.WaitForNextTickAsync(stopping))
            {
                await RefreshAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The operations ended before; what did not, expires.
        }
    }

    private Task RefreshAsync(CancellationToken stopping)
    {
        var batches = _held.Keys.GroupBy(held => held.Account, StringComparer.Ordinal)
            .SelectMany(account => account.Chunk(pace.LargestBatch).Select(held => (Account: account.Key, Held: held)));
        return Task.WhenAll(batches.Select(batch => RefreshAsync(batch.Account, batch.Held, stopping)));
    }

    private async Task RefreshAsync(string account, HeldOperation[] held, CancellationToken stopping)
    {
        var batch = new RefreshBatch(Array.ConvertAll(held, Refresh));
        if (await calls.TryAsync(account, grain => grain.RefreshAsync(batch), stopping) is { } unanswered)
        {
            LogUnanswered(logger, account, batch.Holds.Count, unanswered);
        }
    }

    private HoldRefresh Refresh(HeldOperation held)
    {
        var refresh = held.Refresh(out var broken);
        if (broken is not null)
        {
            LogBroken(logger, held.Account, broken);
        }

        return refresh;
    }

    [LoggerMessage(LogLevel.Error, "The running cost of an operation of {Caller} cannot be told; its last known cost is.")]
    private static partial void LogBroken(ILogger logger, string caller, Exception broken);

    [LoggerMessage(LogLevel.Warning, "The account of {Caller} did not acknowledge that {Holds} operations still run; it is told again in 5 s.")]
    private static partial void LogUnanswered(ILogger logger, string caller, int holds, Exception unanswered);
}
