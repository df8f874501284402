using Infermux.Gateway.Inference.Errors;
using Infermux.Grains.Contracts.Routing;
using Infermux.Providers;
using Orleans.Runtime;

namespace Infermux.Gateway.Inference.Selecting;

/// <summary>Asks for the next attempt, and asks again by the same id when a silo is lost on the way or the caller's account was activated anew.</summary>
internal sealed class RouterClient(ISelector selector, AccountIncarnations incarnations, CallerKnowledge knowledge, TimeProvider time)
{
    /// <summary>How long one money command of a call may be on its way, in the silo's time.</summary>
    private static readonly TimeSpan NotAfter = TimeSpan.FromSeconds(5);

    /// <summary>How long a lost silo is waited out.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async ValueTask<Selection> SelectAsync(Exchange exchange, SelectionState state)
    {
        var startedAt = time.GetTimestamp();
        while (true)
        {
            try
            {
                var request = Request(exchange, state);
                var selection = await selector.SelectAsync(request);
                if (selection.AccountIncarnation != 0 && selection.AccountIncarnation != request.AccountIncarnation)
                {
                    incarnations.Heard(exchange.Caller.Caller, exchange.Configuration, selection.AccountIncarnation);
                }

                if (selection.Outcome != SelectionOutcome.AccountMoved)
                {
                    return selection;
                }
            }
            catch (Exception lost) when (lost is TimeoutException or OrleansMessageRejectionException or SiloUnavailableException)
            {
                // Asked again below, unless that has been done for long enough.
            }

            if (time.GetElapsedTime(startedAt) > Patience)
            {
                throw new InferenceException(new Refusal(
                    503, "overloaded", "The cluster did not answer the selection in 3 s. Retry; if it lasts, see /readyz?verbose on the management listener.")
                { RetryAfter = TimeSpan.FromSeconds(1) });
            }
        }
    }

    private SelectRequest Request(Exchange exchange, SelectionState state)
    {
        var facts = exchange.Request.Facts;
        var account = knowledge.AccountOf(exchange);
        return new SelectRequest
        {
            Operation = exchange.Record.Operation,
            Attempt = exchange.Record.Attempts.Count + 1,
            NotAfter = time.GetUtcNow() + NotAfter,
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
            AccountIncarnation = incarnations.Of(exchange.Caller.Caller, exchange.Configuration),
            Account = account,
            UsualCompletion = knowledge.UsualCompletion(exchange),
            LikelyMostCompletion = knowledge.LikelyMostCompletion(exchange),
            ActingLimit = knowledge.ActingLimit(account),
        };
    }

    private static RequestKind Kind(Operation operation) => operation switch
    {
        Operation.ChatCompletions => RequestKind.Chat,
        Operation.Completions => RequestKind.Completion,
        Operation.Embeddings => RequestKind.Embedding,
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "An operation without a kind."),
    };
}
