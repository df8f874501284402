using Infermux.Core.Configuration;
using Infermux.Core.Routing;

namespace Infermux.Gateway.Money;

/// <summary>The account that a request without a hold is charged to: the same one the router would have named.</summary>
internal sealed class AccountNames(CallerAccounts accounts)
{
    private Known? _known;

    public string Of(string caller, ConfigurationSnapshot configuration) => accounts.Of(caller, Rules(configuration));

    /// <summary>What happens to a caller's request while the account does not answer. A limit that only the management API set is not known here: deny.</summary>
    public OnUnavailable WhenUnavailable(string caller, ConfigurationSnapshot configuration)
    {
        var rules = Rules(configuration);
        var budget = rules.Find(caller);
        return rules.WhenUnavailable(budget, budget?.Action ?? BudgetAction.HardStop);
    }

    /// <summary>The budget of a caller that is served up to a cap while its account cannot be reached; null for others. Its limit is the file's.</summary>
    public BudgetOptions? Capped(string caller, ConfigurationSnapshot configuration)
    {
        var rules = Rules(configuration);
        return rules.Find(caller) is { } budget && rules.WhenUnavailable(budget, budget.Action) is OnUnavailable.Capped ? budget : null;
    }

    private BudgetRules Rules(ConfigurationSnapshot configuration)
    {
        var known = Volatile.Read(ref _known);
        if (known is null || !ReferenceEquals(known.Configuration, configuration))
        {
            known = new Known(configuration, new BudgetRules(configuration.Options.Budgets));
            Volatile.Write(ref _known, known);
        }

        return known.Rules;
    }

    private sealed record Known(ConfigurationSnapshot Configuration, BudgetRules Rules);
}
