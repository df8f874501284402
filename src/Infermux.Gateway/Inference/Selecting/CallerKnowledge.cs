using Infermux.Core.Budgets;
using Infermux.Core.Configuration;
using Infermux.Core.Routing;
using Infermux.Gateway.Money;
using Infermux.Gateway.Money.Capped;
using Infermux.Grains.Contracts.Routing;
using Infermux.Grains.Routing;

namespace Infermux.Gateway.Inference.Selecting;

/// <summary>What only a gateway knows of a caller, since answers and settlements pass through it alone, and tells with every selection.</summary>
internal sealed class CallerKnowledge(AccountNames accounts, CompletionStatistics completions, ActingAccounts acting, CappedSpends capped)
{
    public string AccountOf(Exchange exchange) => accounts.Of(exchange.Caller.Caller, exchange.Configuration);

    /// <summary>Null where the caller's own cap says it all.</summary>
    public double? UsualCompletion(Exchange exchange) =>
        IsCapped(exchange) ? null : completions.Mean(exchange.Caller.Caller, exchange.Request.Facts.Model);

    /// <summary>Null where the caller's own cap says it all.</summary>
    public double? LikelyMostCompletion(Exchange exchange) =>
        IsCapped(exchange) ? null : completions.LikelyMost(exchange.Caller.Caller, exchange.Request.Facts.Model);

    /// <summary>USD that may be spent for the caller while its account cannot be reached; null where its budget is not capped.</summary>
    public decimal? CappedLeft(Exchange exchange) =>
        accounts.Capped(exchange.Caller.Caller, exchange.Configuration) is { } budget ? capped.Left(AccountOf(exchange), budget) : null;

    /// <summary>Whether an attempt may go out without a hold. It counts from here on; false where another request was first, or nothing can be kept.</summary>
    public bool TryTake(Exchange exchange, int attempt, Hold amount)
    {
        if (accounts.Capped(exchange.Caller.Caller, exchange.Configuration) is not { } budget
            || !capped.TryTake(amount.Account, budget, new CappedAttempt(exchange.Record.Operation, attempt), amount.Amount))
        {
            return false;
        }

        exchange.CappedBy = amount.Account;
        return true;
    }

    public BudgetAction? ActingLimit(string account) => acting.Find(account);

    private static bool IsCapped(Exchange exchange) => exchange.Request.Facts.MaxTokens is not null;
}
