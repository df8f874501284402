using Infermux.Core.Configuration;
using Infermux.Core.Routing;
using Infermux.Gateway.Money;
using Infermux.Grains.Routing;

namespace Infermux.Gateway.Inference.Selecting;

/// <summary>What only a gateway knows of a caller, since answers and settlements pass through it alone, and tells with every selection.</summary>
internal sealed class CallerKnowledge(AccountNames accounts, CompletionStatistics completions, ActingAccounts acting)
{
    public string AccountOf(Exchange exchange) => accounts.Of(exchange.Caller.Caller, exchange.Configuration);

    /// <summary>Null where the caller's own cap says it all.</summary>
    public double? UsualCompletion(Exchange exchange) =>
        IsCapped(exchange) ? null : completions.Mean(exchange.Caller.Caller, exchange.Request.Facts.Model);

    /// <summary>Null where the caller's own cap says it all.</summary>
    public double? LikelyMostCompletion(Exchange exchange) =>
        IsCapped(exchange) ? null : completions.LikelyMost(exchange.Caller.Caller, exchange.Request.Facts.Model);

    public BudgetAction? ActingLimit(string account) => acting.Find(account);

    private static bool IsCapped(Exchange exchange) => exchange.Request.Facts.MaxTokens is not null;
}
