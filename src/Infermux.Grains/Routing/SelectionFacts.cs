using Infermux.Core.Routing;
using Infermux.Grains.Contracts.Routing;

namespace Infermux.Grains.Routing;

/// <summary>Requests and outcomes between the wire's words and Core's.</summary>
internal static class SelectionFacts
{
    public static RouteFacts Of(SelectRequest request) => new()
    {
        Model = request.ModelOverride ?? request.Model,
        Operation = OperationOf(request),
        Caller = request.Caller,
        Project = request.Project,
        Env = request.Env,
        Stream = request.Stream,
        Tools = request.Tools,
        Attempt = request.Attempt,
        PromptEstimate = request.Kind == RequestKind.TokenCount ? 0 : request.PromptEstimate, // a count takes nothing of the provider's token ceilings
        ExpectedCompletion = ExpectedCompletion.Of(
            OperationOf(request), request.MaxTokens, request.Choices, request.UsualCompletion),
        Units = request.Units,
        Tried = request.Tried,
        CallerCredential = request.CallerCredential,
        CredentialBaseUrl = request.CredentialBaseUrl,
        WindowLargerThan = request.WindowLargerThan,
        Maker = request.Maker,
    };

    /// <summary>What an attempt at a candidate can cost at most.</summary>
    public static HoldAmount AmountOf(SelectRequest request, in RouteFacts facts, RouteCandidate candidate) => HoldAmount.For(
        candidate.Price, facts.Operation, request.PromptBound, request.MaxTokens, request.Choices, request.LikelyMostCompletion, request.Units);

    /// <summary>That amount as a hold that no account has given: <c>on_unavailable: capped</c>.</summary>
    public static Hold CappedHold(string account, SelectRequest request, in RouteFacts facts, RouteCandidate candidate)
    {
        var amount = AmountOf(request, facts, candidate);
        return new Hold(account, amount.Amount, amount.InputAmount, amount.OutputCap, PeriodEnd: null);
    }

    public static RoutedOperation OperationOf(SelectRequest request) => request.Kind switch
    {
        RequestKind.Chat => RoutedOperation.Chat,
        RequestKind.Completion => RoutedOperation.Completion,
        RequestKind.Embedding => RoutedOperation.Embedding,
        RequestKind.TokenCount => RoutedOperation.TokenCount,
        RequestKind.ImageGeneration => RoutedOperation.ImageGeneration,
        RequestKind.ImageEdit => RoutedOperation.ImageEdit,
        RequestKind.ImageVariation => RoutedOperation.ImageVariation,
        RequestKind.Speech => RoutedOperation.Speech,
        RequestKind.Transcription => RoutedOperation.Transcription,
        RequestKind.Translation => RoutedOperation.Translation,
        RequestKind.Moderation => RoutedOperation.Moderation,
        RequestKind.Rerank => RoutedOperation.Rerank,
        _ => throw new ArgumentOutOfRangeException(nameof(request), request.Kind, "This kind of request cannot be routed."),
    };

    public static SelectionOutcome OutcomeOf(RouteOutcome outcome) => outcome switch
    {
        RouteOutcome.ModelNotFound => SelectionOutcome.ModelNotFound,
        RouteOutcome.RateLimited => SelectionOutcome.RateLimited,
        RouteOutcome.NoHealthyProviders => SelectionOutcome.NoHealthyProviders,
        RouteOutcome.PriceUnknown => SelectionOutcome.PriceUnknown,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "This outcome has no answer."),
    };
}
