using Infermux.Core.Configuration;
using Infermux.Gateway.Inference.Errors;
using Infermux.Gateway.Money;
using Infermux.Grains.Contracts;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Contracts.Routing;

namespace Infermux.Gateway.Inference.Attempts;

/// <summary>Asks the account for more while a stream runs, before what passes its hold is sent on.</summary>
internal sealed class HoldExtension(IGrainFactory grains, AccountMemory memory, AccountNames accounts, TimeProvider time, Random random)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Null: the stream may go on. Otherwise what its caller is told.</summary>
    public async Task<Refusal?> ExtendAsync(Attempt attempt, StreamHold hold)
    {
        var tokens = hold.Next(least: false);
        var answer = await AskAsync(attempt, hold, tokens);
        if (answer?.Outcome is ReserveOutcome.Denied)
        {
            tokens = hold.Next(least: true);
            answer = await AskAsync(attempt, hold, tokens);
        }

        switch (answer?.Outcome)
        {
            case ReserveOutcome.Granted:
                hold.Covers(tokens);
                return null;
            case ReserveOutcome.NotNeeded: // no budget acts any more
                hold.Covers(long.MaxValue);
                return null;
            case ReserveOutcome.Denied:
                return Refusals.HoldPassed(new BudgetRefusal(answer.Limit, answer.Settled, answer.Reserved, hold.AmountFor(tokens), answer.PeriodEnd));
            default:
                return Unavailable(attempt.Exchange, hold);
        }
    }

    private Refusal? Unavailable(Exchange exchange, StreamHold hold)
    {
        if (accounts.WhenUnavailable(exchange.Caller.Caller, exchange.Configuration) is not OnUnavailable.Allow)
        {
            return Refusals.HoldUnanswered();
        }

        hold.Covers(long.MaxValue);
        return null;
    }

    /// <summary>The account's answer; null where it gave none in 3 s.</summary>
    private async Task<ReserveAnswer?> AskAsync(Attempt attempt, StreamHold hold, long tokens)
    {
        var (name, startedAt) = (attempt.Record.Selection.Hold!.Account, time.GetTimestamp());
        var (account, first) = (grains.GetGrain<ICallerBudgetGrain>(name), Command(attempt, hold, tokens));
        for (var repeat = 1; ; repeat++)
        {
            var command = first with { NotAfter = memory.NotAfter(name), Incarnation = memory.Incarnation(name), Seen = memory.Seen(name) };
            var asked = memory.Uptime;
            try
            {
                var answer = await account.ReserveAsync(command);
                memory.Heard(name, new AccountStamp(answer.SiloTime, answer.Incarnation, answer.Ledger), asked);
                if (!AsksAgain(command, answer) || time.GetElapsedTime(startedAt) >= Patience)
                {
                    return answer;
                }
            }
            catch (Exception lost) when (LostCalls.IsLost(lost))
            {
                var pause = LostCalls.Pause(repeat, random);
                if (time.GetElapsedTime(startedAt) + pause >= Patience)
                {
                    return null;
                }

                await Task.Delay(pause, time, attempt.Token);
            }
        }
    }

    /// <summary>The account was activated anew, or has another clock than this gateway thought: it has told both now.</summary>
    private static bool AsksAgain(ReserveCommand command, ReserveAnswer answer) => answer.Outcome switch
    {
        ReserveOutcome.Moved => answer.Incarnation != command.Incarnation,
        ReserveOutcome.Late => answer.SiloTime > command.NotAfter,
        _ => false,
    };

    // Said to be overridden already: a running stream cannot change its model, so the account admits or refuses it.
    private static ReserveCommand Command(Attempt attempt, StreamHold hold, long tokens)
    {
        var (exchange, selection) = (attempt.Exchange, attempt.Record.Selection);
        return new ReserveCommand
        {
            Operation = exchange.Operation,
            Sequence = HoldSequence.Extend(attempt.Record.Number, hold.Asked++),
            NotAfter = default, // each try has its own
            Attempt = attempt.Record.Number,
            Provider = selection.Provider,
            TargetModel = selection.TargetModel,
            Amount = hold.AmountFor(tokens),
            InputAmount = hold.InputAmount,
            Stream = true,
            UnbilledAttempts = exchange.Unbilled,
            Overridden = true,
            Project = exchange.Caller.Project,
            Env = exchange.Caller.Env,
            Group = selection.Group,
        };
    }
}
