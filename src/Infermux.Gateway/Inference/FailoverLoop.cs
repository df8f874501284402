using System.Runtime.CompilerServices;
using Infermux.Core.Failures;
using Infermux.Gateway.Inference.Attempts;
using Infermux.Gateway.Inference.Errors;
using Infermux.Gateway.Inference.Outbound;
using Infermux.Gateway.Inference.Selecting;
using Infermux.Gateway.Money;
using Infermux.Grains.Contracts.Routing;

namespace Infermux.Gateway.Inference;

/// <summary>
/// Asks for a provider, tries it, and moves to the next while nothing reached the caller and the failure is not the caller's: until an answer, the last
/// attempt, the end of the retry budget or the deadline.
/// </summary>
internal sealed class FailoverLoop(
    RouterClient router,
    AttemptRunner runner,
    RetryBudgets retryBudgets,
    PromptCounter prompts,
    RefusalWriter refusals,
    ISettlements settlements,
    TimeProvider time)
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ServeAsync(Exchange exchange)
    {
        await using var early = StartEarly(exchange);
        var state = new SelectionState();
        var retries = exchange.Retries = new Retries(exchange, retryBudgets, time);
        while (true)
        {
            var selection = await SelectAsync(exchange, state);
            if (selection.Outcome != SelectionOutcome.Selected)
            {
                await NothingLeftAsync(exchange, state, selection);
                return;
            }

            if (exchange.HeldBy is not null)
            {
                settlements.KeepHeld(exchange);
            }

            RefuseWhileBacklogged(exchange, selection);
            retries.Dispatching(selection);
            state.Chosen(selection);
            switch (await runner.RunAsync(exchange, selection))
            {
                case AttemptResult.Answered:
                    exchange.Record.Status = StatusCodes.Status200OK; // a caller that hangs up once it has its answer left nobody
                    return;
                case AttemptResult.CallerLeft:
                    exchange.Record.Status = StatusCodes.Status499ClientClosedRequest;
                    return;
                case AttemptResult.Unsayable unsayable:
                    state.CannotSay(selection, unsayable.Refused);
                    break;
                case AttemptResult.Failed failed:
                    state.Failed(selection, failed.Failure, failed.OurCredential, KnownWindow(exchange, selection), exchange.Request.Facts.PromptEstimate);
                    if (!MovesOn(failed) || !retries.MayTryAgain())
                    {
                        await FailAsync(exchange, state);
                        return;
                    }

                    break;
            }
        }
    }

    private async ValueTask<Selection> SelectAsync(Exchange exchange, SelectionState state)
    {
        var selection = await router.SelectAsync(exchange, state);
        if (selection.Outcome != SelectionOutcome.BudgetExceeded || state.ExactPrompt is not null || exchange.Request.Facts.Metered is not null)
        {
            return selection;
        }

        var facts = exchange.Request.Facts;
        state.ExactPrompt = await prompts.CountAsync(exchange.Request.Body, facts.Model, facts.PromptBound);
        return state.ExactPrompt < facts.PromptBound ? await router.SelectAsync(exchange, state) : selection;
    }

    /// <summary>Money that cannot be settled for a while must not be spent under a hard limit either; what was just held is given back at the end.</summary>
    private void RefuseWhileBacklogged(Exchange exchange, Selection selection)
    {
        if ((selection.Hold ?? selection.Capped) is not null && settlements.Backlogged)
        {
            throw new InferenceException(Refusals.Backlogged());
        }
    }

    /// <summary>Nobody is left to ask. What an earlier attempt met says more than that, but money comes first.</summary>
    private async Task NothingLeftAsync(Exchange exchange, SelectionState state, Selection selection)
    {
        var money = selection.Outcome is SelectionOutcome.BudgetExceeded or SelectionOutcome.BudgetUnavailable or SelectionOutcome.LedgerDoubted;
        if (!money && state.Last is not null)
        {
            await FailAsync(exchange, state);
            return;
        }

        throw !money && state.Unsayable is { } refused
            ? Refusals.Refused(refused)
            : new InferenceException(UnsupportedOperation.Refusal(exchange, selection) ?? Refusals.Of(selection, exchange.Request.Facts.Model));
    }

    /// <summary>A failure that is the caller's goes on as the provider worded it; otherwise every attempt is told.</summary>
    private async Task FailAsync(Exchange exchange, SelectionState state)
    {
        var (failure, ourCredential) = state.Last!.Value;
        var follows = FailureRules.For(failure, ourCredential, treatRateLimitAsError: false);
        if (follows.MovesOn && !follows.LargerWindowOnly)
        {
            throw new InferenceException(FailedRequest.Of(exchange.Record, ourCredential, exchange.Retries!.EndedByDeadline));
        }

        await refusals.RelayAsync(exchange.Http, exchange.Record, failure, exchange.Events);
    }

    private static bool MovesOn(AttemptResult.Failed failed) =>
        FailureRules.For(failed.Failure, failed.OurCredential, treatRateLimitAsError: false).MovesOn;

    private static long? KnownWindow(Exchange exchange, Selection selection) => exchange.FindProvider(selection.Provider) is { } provider
        ? exchange.Configuration.Prices.Find(provider, selection.TargetModel)?.MaxInput
        : null;

    /// <summary><c>stream.early_heartbeat</c>: the status goes out at once, and comments flow while providers are still being tried.</summary>
    private Heartbeat? StartEarly(Exchange exchange)
    {
        if (!exchange.Request.Facts.Stream || exchange.Configuration.Options.Stream.EarlyHeartbeat is not { } silence)
        {
            return null;
        }

        exchange.Events = new SseResponse(exchange.Http.Response, ErrorForm.Of(exchange.Record.Kind)) { LastWrite = time.GetTimestamp() };
        exchange.Events.Start();
        return new Heartbeat(exchange.Events, silence, time, exchange.CallerGone);
    }
}
