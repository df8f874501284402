namespace Infermux.Core.Configuration.Checks;

/// <summary>Budgets are unambiguous, their overrides can be served, and what a hard one rests on holds.</summary>
internal static class BudgetChecks
{
    internal static IEnumerable<ConfigProblem> Of(InfermuxOptions options)
    {
        var budgets = options.Budgets;
        if (budgets.StateFile is not null)
        {
            yield return new("budgets.state_file", "is not needed: spend is durable by itself.", "Remove it; 'cluster.data_dir' says where state lives.", IsWarning: true);
        }
        for (var i = 0; i < budgets.Callers.Count; i++)
        {
            var budget = budgets.Callers[i];
            if (budget.Caller.Length > 0 && budgets.Callers.Take(i).Any(b => string.Equals(b.Caller, budget.Caller, StringComparison.Ordinal)))
            {
                yield return new($"budgets.callers[{i}].caller", $"'{budget.Caller}' has an earlier entry.", "Keep one entry per caller.");
            }
            foreach (var problem in Of(options, budget, $"budgets.callers[{i}]")) { yield return problem; }
        }
        foreach (var problem in WhatHardOnesRestOn(options)) { yield return problem; }
    }

    private static IEnumerable<ConfigProblem> Of(InfermuxOptions options, BudgetOptions budget, string path)
    {
        if (!Text.IsHeaderText(budget.Caller)) { yield return new($"{path}.caller", $"'{budget.Caller}' can never be a caller's name.", "Use 1 to 128 printable ASCII characters, or '*' for every caller not named."); }
        if (budget.Caller.Length > 1 && budget.Caller.Contains('*', StringComparison.Ordinal))
        {
            yield return new($"{path}.caller", $"'{budget.Caller}' is matched exactly; only '*' alone is a template.", "Write the whole name, or '*'.", IsWarning: true);
        }
        if (budget.ModelOverride is not { Length: > 0 } model)
        {
            if (budget.Action == BudgetAction.ModelOverride) { yield return new($"{path}.action", "'model_override' needs the model to use at the limit.", "Set 'model_override' beside it."); }
            yield break;
        }
        if (budget.Action == BudgetAction.Alert)
        {
            yield return new($"{path}.model_override", "has no effect with 'action: alert'.", "Use 'action: model_override', or remove it.", IsWarning: true);
        }
        if (budget.Action == BudgetAction.HardStop)
        {
            yield return new($"{path}.model_override", $"with 'action: hard_stop' requests are rewritten to '{model}' first, and refused only when that does not fit either.",
                "Remove it to refuse at once.", IsWarning: true);
        }
        if (options.Providers.Count > 0 && !options.Providers.Any(p => Served.MayServe(p, model)))
        {
            yield return new($"{path}.model_override", $"no provider lists or aliases '{model}'.", "Add it to 'models' or 'model_aliases' of a provider.");
        }
    }

    private static IEnumerable<ConfigProblem> WhatHardOnesRestOn(InfermuxOptions options)
    {
        var hard = options.Budgets.Callers.Select((b, i) => (b, i)).Where(x => x.b.Action == BudgetAction.HardStop).Select(x => (int?)x.i).FirstOrDefault();
        if (hard is not { } first) { yield break; }
        if (options.Auth.Mode == AuthMode.Passthrough)
        {
            yield return new($"budgets.callers[{first}].action", "a hard budget rests on the header X-Infermux-Caller, which nobody authenticates: whoever leaves it out or changes it escapes.",
                "Put an authenticating proxy in front, and add a 'caller: \"*\"' entry for everybody else.", IsWarning: true);
        }
        if (options.Cluster.Store == StoreKind.Memory)
        {
            yield return new("cluster.store", "'memory' forgets what was spent at every restart, and a hard budget needs it.", "Use 'embedded' or 'redis'.", IsWarning: true);
        }
    }
}
