using System.Collections.Concurrent;

namespace Infermux.Gateway.Money;

/// <summary>
/// Sends the batches of settle queues: one in flight per queue, repeated until acknowledged. A repeat may carry more than the first try, since settlements are
/// numbered one by one and the account skips those it has.
/// </summary>
internal sealed partial class SettleSender(AccountCalls calls, Outstanding outstanding, SettlePace pace, TimeProvider time, Random random, ILogger logger)
{
    private readonly ConcurrentDictionary<SettleQueue, Task> _running = new();
    private readonly TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts sending unless the queue is already being sent.</summary>
    public void Wake(SettleQueue queue, CancellationToken stopping)
    {
        if (queue.TryStart())
        {
            _running[queue] = SendAsync(queue, stopping);
        }
    }

    /// <summary>From now on no batch waits for company.</summary>
    public void Hurry() => _hurry.TrySetResult();

    /// <summary>Ends when nothing is being sent; the token given to <see cref="Wake"/> has ended before.</summary>
    public Task StoppedAsync() => Task.WhenAll(_running.Values);

    private async Task SendAsync(SettleQueue queue, CancellationToken stopping)
    {
        try
        {
            var failures = 0;
            var grain = queue.Receiver ??= calls.Find(queue.Account);
            await GatherAsync(queue, stopping);
            while (queue.Next(pace.LargestBatch) is { } batch)
            {
                if (await calls.TryAsync(queue.Account, grain, account => account.SettleAsync(batch), stopping) is { } unanswered)
                {
                    await BackOffAsync(queue, ++failures, unanswered, stopping);
                    continue;
                }

                outstanding.Done(queue.Acknowledge(batch.Number));
                LogRecovery(queue, failures);
                failures = 0;
                await GatherAsync(queue, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What is left stays in the journal for the next start.
        }
    }

    /// <summary>Waits for company before every batch, not only the first: an account that is always busy would else be called for each settlement.</summary>
    private Task GatherAsync(SettleQueue queue, CancellationToken stopping) =>
        !_hurry.Task.IsCompleted && queue.Linger(pace) is var linger && linger > TimeSpan.Zero
            ? Task.WhenAny(Task.Delay(linger, time, stopping), _hurry.Task).Unwrap()
            : Task.CompletedTask;

    private Task BackOffAsync(SettleQueue queue, int failures, Exception unanswered, CancellationToken stopping)
    {
        if (failures == 1)
        {
            LogUnanswered(logger, queue.Account, unanswered);
        }

        return Task.Delay(pace.Backoff(failures, random), time, stopping);
    }

    private void LogRecovery(SettleQueue queue, int failures)
    {
        if (failures > 0)
        {
            LogAnswered(logger, queue.Account, failures);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The account of {Caller} did not acknowledge a settlement; it is repeated until it does.")]
    private static partial void LogUnanswered(ILogger logger, string caller, Exception unanswered);

    [LoggerMessage(LogLevel.Information, "The account of {Caller} acknowledged its settlements after {Failures} failed tries.")]
    private static partial void LogAnswered(ILogger logger, string caller, int failures);
}
