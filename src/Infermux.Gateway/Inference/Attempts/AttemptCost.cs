using Infermux.Core.Pricing;
using Infermux.Core.Routing;
using Infermux.Gateway.Requests;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Contracts.Routing;
using Infermux.Providers.Metered;

namespace Infermux.Gateway.Inference.Attempts;

/// <summary>What an attempt cost: the provider's own numbers where it gave any, else an estimate that says so. Never a silent zero.</summary>
internal static class AttemptCost
{
    private const int CharactersPerToken = 4;

    /// <summary>The provider reported what it counted.</summary>
    public static SettledLine Exact(Exchange exchange, AttemptRecord attempt, in TokenUsage usage, string? serviceTier, bool succeeded) =>
        Line(exchange, attempt, usage, serviceTier, SettleMark.Exact, succeeded);

    /// <summary>The provider reported nothing: the prompt's estimate and what was received, at 4 characters a token.</summary>
    public static SettledLine Estimated(Exchange exchange, AttemptRecord attempt, long outputCharacters, bool succeeded)
    {
        if (exchange.Request.Facts.Metered is not null)
        {
            return Metered(exchange, attempt, told: null, units: null, serviceTier: null, succeeded) with { Mark = attempt.Mark = SettleMark.Estimated };
        }

        return Line(
            exchange, attempt, new TokenUsage(exchange.Request.Facts.PromptEstimate, Output: Tokens(outputCharacters)), null, SettleMark.Estimated, succeeded);
    }

    /// <summary>
    /// The body was sent and nobody will ever say what was billed, but the vendor finishes and bills: the whole hold, or without one the prompt and the
    /// completion expected of the caller's cap.
    /// </summary>
    public static SettledLine AtHold(Exchange exchange, AttemptRecord attempt)
    {
        var estimate = Estimated(exchange, attempt, outputCharacters: 0, succeeded: false);
        if (attempt.Selection.Hold is not { } hold)
        {
            return estimate;
        }

        attempt.Cost = hold.Amount;
        return estimate with { Cost = hold.Amount };
    }

    /// <summary>
    /// What is none of chat: tokens and images, seconds, characters or searches, as the provider told them, as the request shows them for sure, or estimated.
    /// </summary>
    public static SettledLine Metered(Exchange exchange, AttemptRecord attempt, TokenUsage? told, decimal? units, string? serviceTier, bool succeeded)
    {
        var (facts, ask) = (exchange.Request.Facts, exchange.Request.Facts.Metered!);
        var bill = MeteredBill.Of(
            PriceOf(exchange, attempt.Selection),
            OperationSupport.UnitOf(MeteredOperations.RoutedAs(exchange.Request.Operation)!.Value),
            told,
            new TokenUsage(facts.PromptEstimate, Output: ask.OutputEstimate),
            units ?? (ask.UnitsAreSure ? ask.Units : null),
            ask.Units,
            serviceTier);
        var line = Line(exchange, attempt, bill.Usage, serviceTier, bill.IsExact ? SettleMark.Exact : SettleMark.Estimated, succeeded);
        return line with { Cost = attempt.Cost = bill.Cost };
    }

    /// <summary>At 4 characters a token.</summary>
    public static long Tokens(long characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;

    public static ModelPrice? PriceOf(Exchange exchange, Selection selection) => exchange.FindProvider(selection.Provider) is { } provider
        ? exchange.Configuration.Prices.Find(provider, selection.TargetModel)
        : null;

    public static TokenUsage UsageOf(SettledLine line) => new(line.PromptTokens, Output: line.CompletionTokens);

    private static SettledLine Line(
        Exchange exchange, AttemptRecord attempt, in TokenUsage usage, string? serviceTier, SettleMark mark, bool succeeded)
    {
        var selection = attempt.Selection;
        var price = PriceOf(exchange, selection);
        attempt.Usage = usage;
        attempt.Cost = price?.Cost(usage, serviceTier) ?? 0m;
        attempt.Mark = mark;
        attempt.Priced = price is not null;
        return new SettledLine
        {
            Attempt = attempt.Number,
            Provider = selection.Provider,
            TargetModel = selection.TargetModel,
            PromptTokens = usage.Prompt,
            CompletionTokens = usage.Output,
            Cost = attempt.Cost,
            Mark = mark,
            PriceVersion = exchange.Configuration.Prices.Version,
            Succeeded = succeeded,
        };
    }
}
