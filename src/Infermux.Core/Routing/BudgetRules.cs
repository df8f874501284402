using System.Collections.Frozen;
using Infermux.Core.Configuration;

namespace Infermux.Core.Routing;

/// <summary>Which entry of <c>budgets</c> is a caller's. Built once per configuration.</summary>
public sealed class BudgetRules
{
    private const string Template = "*";
    private readonly FrozenDictionary<string, BudgetOptions> _named;
    private readonly BudgetOptions? _template;
    private readonly OnUnavailable? _onUnavailable;

    /// <summary>Reads a checked configuration.</summary>
    public BudgetRules(BudgetsOptions options)
    {
        _template = options.Callers.FirstOrDefault(static budget => budget.Caller is Template);
        _named = options.Callers
            .Where(static budget => budget.Caller is not Template)
            .DistinctBy(static budget => budget.Caller, StringComparer.Ordinal)
            .ToFrozenDictionary(static budget => budget.Caller, StringComparer.Ordinal);
        (_onUnavailable, MaxCallers) = (options.OnUnavailable, options.MaxCallers);
    }

    /// <summary>Names under the template before new ones share an account.</summary>
    public int MaxCallers { get; }

    /// <summary>Whether an entry names this caller.</summary>
    public bool Names(string caller) => _named.ContainsKey(caller);

    /// <summary>The caller's own entry, else the template, else null.</summary>
    public BudgetOptions? Find(string caller) => _named.GetValueOrDefault(caller) ?? _template;

    /// <summary>Whether a budget holds money ahead of each request; the others are judged on settled money.</summary>
    public static bool Acts(BudgetAction? action) => action is BudgetAction.HardStop or BudgetAction.ModelOverride;

    /// <summary>What happens while an account cannot be reached. <paramref name="action"/> is the account's own where no entry is the caller's.</summary>
    public OnUnavailable WhenUnavailable(BudgetOptions? budget, BudgetAction? action) => budget?.OnUnavailable ?? _onUnavailable
        ?? ((budget?.Action ?? action) is BudgetAction.HardStop ? OnUnavailable.Deny : OnUnavailable.Allow);
}
