using Infermux.Core.Configuration;

namespace Infermux.Core.Budgets;

/// <summary>Finds the limit that <c>budgets</c> gives an account.</summary>
public static class BudgetLimits
{
    /// <summary>The name under which <c>budgets</c> keeps the template.</summary>
    public const string Template = "*";

    /// <summary>The entry that names the account, else the template, else null: no limit.</summary>
    public static BudgetLimit? Resolve(BudgetsOptions budgets, string account)
    {
        ArgumentNullException.ThrowIfNull(budgets);
        return Find(budgets, account, LimitOrigin.File) ?? Find(budgets, Template, LimitOrigin.Template);
    }

    private static BudgetLimit? Find(BudgetsOptions budgets, string caller, LimitOrigin origin)
    {
        foreach (var entry in budgets.Callers)
        {
            if (string.Equals(entry.Caller, caller, StringComparison.Ordinal))
            {
                return new(
                    entry.LimitUsd, entry.Period, entry.Action, entry.ModelOverride, (decimal)entry.WarnAt, (decimal)entry.DowngradeAt, origin);
            }
        }

        return null;
    }
}
