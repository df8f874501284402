using System.Collections.Concurrent;
using Infermux.Core.Routing;
using Infermux.Grains.Contracts;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Contracts.Routing;
using Microsoft.Extensions.Logging;

namespace Infermux.Grains.Routing;

/// <summary>
/// Speaks to accounts. A timeout says nothing about what happened, and a rejection only that it did not happen this time: both are answered by the same
/// command again, which an account answers as it did the first time. What counts as lost is said by <see cref="LostCalls"/>.
/// </summary>
internal sealed partial class Reservations(IGrainFactory grains, LedgerBreaker breaker, TimeProvider time, Random random, ILogger<Reservations> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly ReserveAnswer NotAsked = new(ReserveOutcome.StoreUnavailable, 0, 0, 0, null, null, default, 0);

    private readonly ConcurrentDictionary<string, ReserveQueue> _queues = new(StringComparer.Ordinal); // bounded by the CallerAccounts of gateways

    /// <summary>How long a request waits for the probe it sent. 200 ms: a refusal leaves within 300, while a store that is frozen takes a second to say nothing.</summary>
    private static readonly TimeSpan ProbePatience = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a release is repeated from here.</summary>
    private static readonly TimeSpan HoldLife = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The account's answer; null where it gave none within <paramref name="patience"/> (without one 3 s). That it cannot store is an answer too, also while it
    /// is not asked for that reason. Whether the command comes in time is the account's to say: its not-after is in the time of the account's silo.
    /// </summary>
    public async ValueTask<ReserveAnswer?> ReserveAsync(string account, ReserveCommand command, TimeSpan? patience = null)
    {
        var limit = patience ?? Patience;
        var (startedAt, stopped) = (time.GetTimestamp(), breaker.IsStopped);
        if (!breaker.MayAsk(time.GetUtcNow()))
        {
            return NotAsked;
        }

        if (stopped)
        {
            return await ProbeAsync(account, command);
        }

        for (var repeat = 1; ; repeat++)
        {
            try
            {
                var answer = await WithinAsync(Queue(account).AskAsync(command), limit - time.GetElapsedTime(startedAt));
                breaker.Answered(answer.Outcome is ReserveOutcome.StoreUnavailable, time.GetUtcNow());
                return answer;
            }
            catch (Exception exception) when (LostCalls.IsLost(exception))
            {
                var pause = LostCalls.Pause(repeat, random);
                if (time.GetElapsedTime(startedAt) + pause >= limit)
                {
                    LogUnreachable(exception, account);
                    return null;
                }

                await Task.Delay(pause, time);
            }
        }
    }

    /// <summary>What the probe says, if it says it at once. It goes on either way: its answer decides whether the next request asks.</summary>
    private async Task<ReserveAnswer> ProbeAsync(string account, ReserveCommand command)
    {
        var probe = AnswerAsync(account, command);
        using var waiting = new CancellationTokenSource();
        await Task.WhenAny(probe, Task.Delay(ProbePatience, time, waiting.Token));
        await waiting.CancelAsync();
        return probe.IsCompleted ? await probe : NotAsked;
    }

    private async Task<ReserveAnswer> AnswerAsync(string account, ReserveCommand command)
    {
        try
        {
            var answer = await Queue(account).Account.ReserveAsync(command);
            breaker.Answered(answer.Outcome is ReserveOutcome.StoreUnavailable, time.GetUtcNow());
            return answer;
        }
        catch (Exception exception) when (LostCalls.IsLost(exception))
        {
            LogUnreachable(exception, account); // says nothing of the store: the next probe goes out in a second
            return NotAsked;
        }
    }

    /// <summary>
    /// Gives back what one call may hold, in the background, until the account acknowledges. The first attempt's operation is voided; a later one's line alone
    /// is zeroed, since earlier attempts of it may have been billed and only the gateway knows. The gateway, which is told of it by
    /// <see cref="Selection.MayBeHeldBy"/>, goes on where this ends: with the operation's settlement or a void, repeated without an end.
    /// </summary>
    public void Release(string account, ReserveCommand last) => _ = ReleaseAsync(account, last);

    // A call that hangs with a silo that is not yet known to be dead must leave time for a repeat.
    private Task<ReserveAnswer> WithinAsync(Task<ReserveAnswer> call, TimeSpan left) => call.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);

    private ReserveQueue Queue(string account) =>
        _queues.TryGetValue(account, out var queue) ? queue : _queues.GetOrAdd(account, new ReserveQueue(grains.GetGrain<ICallerBudgetGrain>(account)));

    private async Task ReleaseAsync(string account, ReserveCommand last)
    {
        var startedAt = time.GetTimestamp();
        for (var repeat = 1; ; repeat++)
        {
            try
            {
                if (await SendReleaseAsync(Queue(account).Account, last, time.GetElapsedTime(startedAt)))
                {
                    return;
                }
            }
            catch (Exception exception)
            {
                LogUnreleased(exception, account, last.Operation);
            }

            if (time.GetElapsedTime(startedAt) > HoldLife)
            {
                LogLeftToExpire(account, last.Operation);
                return;
            }

            await Task.Delay(LostCalls.Pause(repeat, random), time);
        }
    }

    // The account's clock is known by the not-after that the gateway gave, which moves on with the time since.
    private static async Task<bool> SendReleaseAsync(ICallerBudgetGrain grain, ReserveCommand last, TimeSpan since)
    {
        var notAfter = last.NotAfter + since;
        if (last.Attempt <= 1)
        {
            return await grain.VoidAsync(new VoidCommand(last.Operation, last.Sequence, notAfter)) is { Late: false };
        }

        var zeroed = await grain.ReserveAsync(last with { Amount = 0m, InputAmount = 0m, NotAfter = notAfter });
        return zeroed.Outcome is not ReserveOutcome.StoreUnavailable;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Account {Account} did not answer a reserve in time")]
    private partial void LogUnreachable(Exception exception, string account);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Account {Account} did not acknowledge the release of operation {Operation} in 30 s; the gateway goes on")]
    private partial void LogLeftToExpire(string account, Guid operation);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Account {Account} did not answer the release of operation {Operation}; it is asked again")]
    private partial void LogUnreleased(Exception exception, string account, Guid operation);
}
