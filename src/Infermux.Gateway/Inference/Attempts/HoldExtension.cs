using Infermux.Core.Configuration;
using Infermux.Gateway.Inference.Errors;
using Infermux.Gateway.Inference.Selecting;
using Infermux.Gateway.Money;
using Infermux.Grains.Contracts;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Contracts.Routing;

namespace Infermux.Gateway.Inference.Attempts;

/// <summary>Asks the account for more while a stream runs, before what passes its hold is sent on.</summary>
internal sealed class HoldExtension(IGrainFactory grains, AccountIncarnations incarnations, AccountNames accounts, TimeProvider time, Random random)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan NotAfter = TimeSpan.FromSeconds(5);

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
        var (account, startedAt) = (grains.GetGrain<ICallerBudgetGrain>(attempt.Record.Selection.Hold!.Account), time.GetTimestamp());
        var command = Command(attempt, hold, tokens);
        for (var repeat = 1; ; repeat++)
        {
            try
            {
                var answer = await account.ReserveAsync(command);
                if (answer.Outcome is not ReserveOutcome.Moved || answer.Incarnation == command.Incarnation)
                {
                    return answer;
                }

                incarnations.Heard(attempt.Exchange.Caller.Caller, attempt.Exchange.Configuration, answer.Incarnation);
                command = command with { Incarnation = answer.Incarnation };
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

    // Said to be overridden already: a running stream cannot change its model, so the account admits or refuses it.
    private ReserveCommand Command(Attempt attempt, StreamHold hold, long tokens)
    {
        var (exchange, selection) = (attempt.Exchange, attempt.Record.Selection);
        return new ReserveCommand
        {
            Operation = exchange.Operation,
            Sequence = HoldSequence.Extend(attempt.Record.Number, hold.Asked++),
            NotAfter = time.GetUtcNow() + NotAfter,
            Incarnation = incarnations.Of(exchange.Caller.Caller, exchange.Configuration),
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
