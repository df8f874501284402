using System.Collections.Concurrent;
using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Money;

/// <summary>
/// Sends voids at once and repeats them until acknowledged. They are not journaled: a void lost in a crash leaves its hold to expire, which is charged and
/// marked <c>unsettled</c>, as for every request in flight at that moment.
/// </summary>
internal sealed partial class VoidSender(
    AccountCalls calls, AccountMemory memory, Outstanding outstanding, SettlePace pace, TimeProvider time, Random random, ILogger logger)
{
    /// <summary>Voids of one account in flight at once: the account commits them as a group.</summary>
    private const int Together = 16;

    private readonly ConcurrentDictionary<string, VoidQueue> _queues = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<VoidQueue, Task> _running = new();

    public void Send(string account, VoidCommand command, CancellationToken stopping)
    {
        var queue = _queues.GetOrAdd(account, static name => new VoidQueue(name));
        outstanding.Add(1);
        queue.Add([command]);
        if (queue.TryStart())
        {
            _running[queue] = SendAsync(queue, stopping);
        }
    }

    /// <summary>Ends when nothing is being sent; the token given to <see cref="Send"/> has ended before.</summary>
    public Task StoppedAsync() => Task.WhenAll(_running.Values);

    private async Task SendAsync(VoidQueue queue, CancellationToken stopping)
    {
        try
        {
            var failures = 0;
            while (queue.Take(Together) is { Count: > 0 } commands)
            {
                var answers = await Task.WhenAll(commands.Select(command =>
                    TryAsync(queue.Account, command with { NotAfter = memory.NotAfter(queue.Account) }, stopping)));
                outstanding.Done(answers.Count(unanswered => unanswered is null));
                if (answers.FirstOrDefault(unanswered => unanswered is not null) is not { } failure)
                {
                    failures = 0;
                    continue;
                }

                queue.Add(commands.Where((_, index) => answers[index] is not null));
                if (++failures == 1)
                {
                    LogUnanswered(logger, queue.Account, failure);
                }

                await Task.Delay(pace.Backoff(failures, random), time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Their holds expire.
        }
    }

    /// <summary>Null when the void was acknowledged. One that came late has told the account's clock, and is sent again by it.</summary>
    private async Task<Exception?> TryAsync(string account, VoidCommand command, CancellationToken stopping)
    {
        var late = false;
        var unanswered = await calls.TryAsync(
            account,
            async grain =>
            {
                var answer = await grain.VoidAsync(command);
                late = answer.Late;
                return answer.Stamp;
            },
            stopping);
        return unanswered ?? (late ? new TimeoutException("It came past its not-after.") : null);
    }

    [LoggerMessage(LogLevel.Warning, "The account of {Caller} did not acknowledge a void; it is repeated until it does.")]
    private static partial void LogUnanswered(ILogger logger, string caller, Exception unanswered);
}
