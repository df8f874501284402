using Infermux.Core.Routing;
using Infermux.Gateway.Money;
using Infermux.Gateway.Money.Capped;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Contracts.Routing;

namespace Infermux.Gateway.Inference.Attempts;

/// <summary>
/// Ends an operation's money, once: settled where something was billed, given back where a hold was never used. What only may be held is given back as well:
/// nobody else will.
/// </summary>
internal sealed class ExchangeSettlement(ISettlements settlements, AccountNames accounts, CompletionStatistics completions, CappedSpends capped)
{
    public void Settle(Exchange exchange)
    {
        if (exchange.Settled)
        {
            return;
        }

        exchange.Settled = true;
        settlements.LetGo(exchange);
        Learn(exchange);
        if (exchange.Lines.Count > 0)
        {
            settlements.Settle(Settlement(exchange));
        }
        else if (exchange.HeldBy is { } account)
        {
            settlements.Void(account, exchange.Record.Operation, HoldSequence.Last);
        }

        SettleCapped(exchange);
    }

    /// <summary>What was spent without asking the account no longer counts as what it could cost, but as what it did.</summary>
    private void SettleCapped(Exchange exchange)
    {
        if (exchange.CappedBy is { } account)
        {
            var attempts = exchange.Record.Attempts;
            var billed = exchange.Lines.Where(line => attempts[line.Attempt - 1].Selection.Capped is not null).Sum(static line => line.Cost);
            capped.Settle(account, exchange.Record.Operation, billed);
        }
    }

    /// <summary>Whole answers teach what this caller's requests for this model usually take.</summary>
    private void Learn(Exchange exchange)
    {
        if (exchange.Record.Answer is { Mark: SettleMark.Exact, Failure: null, Usage: { } usage } && exchange.Request.Facts.Metered is null)
        {
            completions.Observe(exchange.Caller.Caller, exchange.Record.Model, usage.Output / exchange.Request.Facts.Choices);
        }
    }

    private Settlement Settlement(Exchange exchange) => new()
    {
        Operation = exchange.Record.Operation,
        Account = exchange.HeldBy ?? accounts.Of(exchange.Caller.Caller, exchange.Configuration),
        Caller = exchange.Caller.Caller,
        Project = exchange.Caller.Project,
        Env = exchange.Caller.Env,
        Group = exchange.Record.Attempts[^1].Selection.Group,
        BeganAt = exchange.Record.StartedAt,
        Held = exchange.Account is not null,
        Lines = exchange.Lines,
    };
}
