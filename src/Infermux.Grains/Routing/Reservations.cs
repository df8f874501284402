using System.Collections.Concurrent;
using Infermux.Core.Routing;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Contracts.Routing;
using Microsoft.Extensions.Logging;

namespace Infermux.Grains.Routing;

/// <summary>
/// Speaks to accounts. A timeout says nothing about what happened, and a rejection only that it did not happen this time: both are answered by the same
/// command again, which an account answers as it did the first time. Every kind of failure of a lost silo or a reloading owner is mapped here and nowhere else.
/// </summary>
internal sealed partial class Reservations(IGrainFactory grains, LedgerBreaker breaker, TimeProvider time, ILogger<Reservations> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, ICallerBudgetGrain> _accounts = new(StringComparer.Ordinal); // bounded by the CallerAccounts of gateways

    /// <summary>How long a release is repeated: after that its hold has expired by itself.</summary>
    private static readonly TimeSpan HoldLife = TimeSpan.FromSeconds(30);

    /// <summary>The account's answer; null where it gave none in 3 s or before the command's not-after, or cannot store.</summary>
    public async ValueTask<ReserveAnswer?> ReserveAsync(string account, ReserveCommand command)
    {
        var startedAt = time.GetTimestamp();
        if (!breaker.MayAsk(time.GetUtcNow()))
        {
            return null;
        }

        for (var pause = Pause; ; pause = Longer(pause))
        {
            try
            {
                var answer = await Account(account).ReserveAsync(command);
                breaker.Answered(answer.Outcome is ReserveOutcome.StoreUnavailable, time.GetUtcNow());
                return answer.Outcome is ReserveOutcome.StoreUnavailable or ReserveOutcome.Late ? null : answer;
            }
            catch (Exception exception) when (IsLost(exception))
            {
                if (time.GetElapsedTime(startedAt) + pause > Patience || time.GetUtcNow() + pause > command.NotAfter)
                {
                    LogUnreachable(exception, account);
                    return null;
                }

                await Task.Delay(pause, time);
            }
        }
    }

    /// <summary>
    /// Gives back what one call may hold, in the background, until the account acknowledges. The first attempt's operation is voided; a later one's line alone
    /// is zeroed, since earlier attempts of it may have been billed and only the gateway knows.
    /// </summary>
    public void Release(string account, ReserveCommand last) => _ = ReleaseAsync(account, last);

    private ICallerBudgetGrain Account(string name) =>
        _accounts.TryGetValue(name, out var account) ? account : _accounts.GetOrAdd(name, grains.GetGrain<ICallerBudgetGrain>(name));

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    // TimeoutException: unknown; OrleansMessageRejectionException and SiloUnavailableException: not delivered; InconsistentStateException and OrleansException
    // around a storage error: the owner reloads. The last four are all OrleansException.
    private static bool IsLost(Exception exception) => exception is TimeoutException or OrleansException;

    private async Task ReleaseAsync(string account, ReserveCommand last)
    {
        var startedAt = time.GetTimestamp();
        for (var pause = Pause; ; pause = Longer(pause))
        {
            try
            {
                if (await SendReleaseAsync(Account(account), last))
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

            await Task.Delay(pause, time);
        }
    }

    private async Task<bool> SendReleaseAsync(ICallerBudgetGrain grain, ReserveCommand last)
    {
        if (last.Attempt <= 1)
        {
            await grain.VoidAsync(new VoidCommand(last.Operation, last.Sequence));
            return true;
        }

        var zeroed = await grain.ReserveAsync(last with { Amount = 0m, InputAmount = 0m, NotAfter = time.GetUtcNow() + Patience });
        return zeroed.Outcome is not ReserveOutcome.StoreUnavailable;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Account {Account} did not answer a reserve; its budget's on_unavailable decides")]
    private partial void LogUnreachable(Exception exception, string account);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Account {Account} did not acknowledge the release of operation {Operation}; its hold expires by itself")]
    private partial void LogLeftToExpire(string account, Guid operation);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Account {Account} did not answer the release of operation {Operation}; it is asked again")]
    private partial void LogUnreleased(Exception exception, string account, Guid operation);
}
