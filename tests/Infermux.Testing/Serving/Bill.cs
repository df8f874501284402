namespace Infermux.Testing;

/// <summary>What a request costs, by how it ended. The vendors' rules, in one place.</summary>
internal static class Bill
{
    public static TokenCount Of(Exchange exchange, Ended ended, AbortRule abortRule) => (ended.Outcome, exchange.Behaviour.Billing) switch
    {
        (RequestOutcome.Answered, _) => exchange.Answer.Usage,
        (_, Billing.Nothing) => default,
        (_, Billing.InFull) => exchange.Answer.Usage,
        (RequestOutcome.Refused, _) => default,
        (RequestOutcome.Cancelled, _) when !exchange.Call.Stream || abortRule == AbortRule.BillsOn => exchange.Answer.Usage,
        (RequestOutcome.Cancelled, _) => Written(exchange.Answer.Usage, ended.Output),
        _ => ended.Content > 0 ? Written(exchange.Answer.Usage, ended.Output) : default,
    };

    // Reasoning comes first in every dialect, so what was written is reasoning until there is no more of it.
    private static TokenCount Written(TokenCount whole, long output) => whole with { Output = output, Reasoning = Math.Min(whole.Reasoning, output) };
}
