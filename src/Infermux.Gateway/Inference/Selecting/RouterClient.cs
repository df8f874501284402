using Infermux.Gateway.Inference.Errors;
using Infermux.Gateway.Money;
using Infermux.Gateway.Reporting;
using Infermux.Grains.Contracts;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Contracts.Routing;
using Infermux.Providers;

namespace Infermux.Gateway.Inference.Selecting;

/// <summary>
/// Asks for the next attempt, and asks again by the same id when a silo is lost on the way, the caller's account is silent, or it was activated anew. A call
/// without an answer may have reserved: the exchange is told, and what is held is given back at its end. Where no silo answers at all, this gateway selects by itself.
/// </summary>
internal sealed class RouterClient(
    ISelector selector,
    IDegradedSelector degraded,
    IAttemptReports reports,
    AccountMemory memory,
    CallerKnowledge knowledge,
    TimeProvider time,
    Random random)
{
    /// <summary>How long lost silos and silent accounts are waited out, all calls together.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>How long one call waits for the account: above the silo's deadline for its store (1 s), below what a call may take (1.5 s).</summary>
    private static readonly TimeSpan AccountPatience = TimeSpan.FromSeconds(1.3);

    public async ValueTask<Selection> SelectAsync(Exchange exchange, SelectionState state)
    {
        var selection = await ChooseAsync(exchange, state);
        return selection.Capped is { } amount && !knowledge.TryTake(exchange, exchange.Record.Attempts.Count + 1, amount)
            ? selection with { Outcome = SelectionOutcome.BudgetUnavailable, Capped = null }
            : selection;
    }

    private async ValueTask<Selection> ChooseAsync(Exchange exchange, SelectionState state)
    {
        if (degraded.IsOn)
        {
            return degraded.Choose(Request(exchange, state, TimeSpan.Zero), reports.InFlight);
        }

        var (startedAt, heard) = (time.GetTimestamp(), degraded.Heard);
        for (var repeat = 1; ; repeat++)
        {
            var selection = await AskAsync(exchange, Request(exchange, state, Patience - time.GetElapsedTime(startedAt)));
            if (selection is { Outcome: not (SelectionOutcome.AccountMoved or SelectionOutcome.AccountSilent) })
            {
                return selection;
            }

            var pause = selection?.Outcome is SelectionOutcome.AccountMoved && repeat == 1 ? TimeSpan.Zero : LostCalls.Pause(repeat, random);
            if (time.GetElapsedTime(startedAt) + pause >= Patience)
            {
                return selection is null && degraded.Begin(heard)
                    ? degraded.Choose(Request(exchange, state, TimeSpan.Zero), reports.InFlight)
                    : throw new InferenceException(Refusals.Unanswered());
            }

            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, time, exchange.CallerGone);
            }
        }
    }

    /// <summary>Null where the call was lost.</summary>
    private async ValueTask<Selection?> AskAsync(Exchange exchange, SelectRequest request)
    {
        var asked = memory.Uptime;
        try
        {
            var selection = await selector.SelectAsync(request);
            if (selection.AccountTime is { } told)
            {
                memory.Heard(request.Account, new AccountStamp(told, selection.AccountIncarnation, selection.Ledger), asked);
            }

            exchange.Learn(selection);
            degraded.Answered();
            return selection;
        }
        catch (Exception unanswered)
        {
            exchange.MayBeHeld(knowledge.AccountOf(exchange));
            if (!LostCalls.IsLost(unanswered))
            {
                throw;
            }

            return null;
        }
    }

    private SelectRequest Request(Exchange exchange, SelectionState state, TimeSpan left)
    {
        var facts = exchange.Request.Facts;
        var account = knowledge.AccountOf(exchange);
        return new SelectRequest
        {
            Operation = exchange.Record.Operation,
            Attempt = exchange.Record.Attempts.Count + 1,
            NotAfter = memory.NotAfter(account, exchange.Retries?.Left),
            Caller = exchange.Caller.Caller,
            Project = exchange.Caller.Project,
            Env = exchange.Caller.Env,
            Model = facts.Model,
            Kind = Kind(exchange.Request.Operation),
            Stream = facts.Stream,
            Tools = facts.Tools,
            PromptBound = state.ExactPrompt ?? facts.PromptBound,
            PromptExact = state.ExactPrompt is not null,
            PromptEstimate = facts.PromptEstimate,
            MaxTokens = facts.MaxTokens,
            Choices = facts.Choices,
            Tried = state.Tried,
            UnbilledAttempts = exchange.Unbilled,
            CallerCredential = exchange.Caller.ForwardableToken is not null,
            CredentialBaseUrl = exchange.CredentialBaseUrl,
            WindowLargerThan = state.WindowLargerThan,
            ModelOverride = state.ModelOverride,
            Repeat = state.Repeat++,
            AccountIncarnation = memory.Incarnation(account),
            Account = account,
            LedgerSeen = memory.Seen(account),
            UsualCompletion = knowledge.UsualCompletion(exchange),
            LikelyMostCompletion = knowledge.LikelyMostCompletion(exchange),
            ActingLimit = knowledge.ActingLimit(account),
            AccountPatience = left < AccountPatience ? left : AccountPatience,
            AsksAgain = left > AccountPatience,
            CappedLeft = knowledge.CappedLeft(exchange),
            Maker = facts.Maker,
            Units = facts.Metered?.UnitsBound ?? 0,
        };
    }

    private static RequestKind Kind(Operation operation) => operation switch
    {
        Operation.ChatCompletions or Operation.Messages or Operation.Responses => RequestKind.Chat,
        Operation.Completions => RequestKind.Completion,
        Operation.Embeddings => RequestKind.Embedding,
        Operation.CountTokens => RequestKind.TokenCount,
        Operation.ImageGenerations => RequestKind.ImageGeneration,
        Operation.ImageEdits => RequestKind.ImageEdit,
        Operation.ImageVariations => RequestKind.ImageVariation,
        Operation.Speech => RequestKind.Speech,
        Operation.Transcriptions => RequestKind.Transcription,
        Operation.Translations => RequestKind.Translation,
        Operation.Moderations => RequestKind.Moderation,
        Operation.Rerank => RequestKind.Rerank,
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "An operation without a kind."),
    };
}
