using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Money;

/// <summary>
/// Tells accounts every 5 s which operations still run and what they cost so far. A refresh that is not answered is not repeated: the next one says the same,
/// newer. An operation that came since the last round is left out of the next one, since its hold is younger than a round: most requests are over before they
/// are told of at all, and the others are told of for the first time after 5 to 10 s of the hold's 30.
/// </summary>
internal sealed partial class HoldRefresher(AccountCalls calls, SettlePace pace, TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();
    private HeldOperation? _first;
    private int _round;

    /// <summary>Keeps the hold alive until <see cref="Remove"/>; once is enough.</summary>
    public void Add(HeldOperation operation)
    {
        lock (_gate)
        {
            if (operation.IsListed)
            {
                return;
            }

            (operation.IsListed, operation.Round, operation.Next) = (true, _round, _first);
            if (_first is not null)
            {
                _first.Previous = operation;
            }

            _first = operation;
        }
    }

    /// <summary>Lets the hold go; one that was never added is left as it is.</summary>
    public void Remove(HeldOperation operation)
    {
        lock (_gate)
        {
            if (!operation.IsListed)
            {
                return;
            }

            if (operation.Previous is { } before)
            {
                before.Next = operation.Next;
            }
            else
            {
                _first = operation.Next;
            }

            if (operation.Next is { } after)
            {
                after.Previous = operation.Previous;
            }

            (operation.IsListed, operation.Next, operation.Previous) = (false, null, null);
        }
    }

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
        var batches = Due().GroupBy(held => held.HeldBy!, StringComparer.Ordinal)
            .SelectMany(account => account.Chunk(pace.LargestBatch).Select(held => (Account: account.Key, Held: held)));
        return Task.WhenAll(batches.Select(batch => RefreshAsync(batch.Account, batch.Held, stopping)));
    }

    private List<HeldOperation> Due()
    {
        var due = new List<HeldOperation>();
        lock (_gate)
        {
            for (var held = _first; held is not null; held = held.Next)
            {
                if (held.Round < _round)
                {
                    due.Add(held);
                }
            }

            _round++;
        }

        return due;
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
        try
        {
            held.LastActual = held.Actual;
        }
        catch (Exception broken)
        {
            LogBroken(logger, held.HeldBy!, broken); // one stream's fault must not let the holds of all others expire
        }

        return new HoldRefresh(held.Operation, held.LastActual);
    }

    [LoggerMessage(LogLevel.Error, "The running cost of an operation of {Caller} cannot be told; its last known cost is.")]
    private static partial void LogBroken(ILogger logger, string caller, Exception broken);

    [LoggerMessage(LogLevel.Warning, "The account of {Caller} did not acknowledge that {Holds} operations still run; it is told again in 5 s.")]
    private static partial void LogUnanswered(ILogger logger, string caller, int holds, Exception unanswered);
}
