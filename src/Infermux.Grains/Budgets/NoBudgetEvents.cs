using Infermux.Core.Budgets;
using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Grains.Budgets;

/// <summary>Nobody listens; alerts are in the log.</summary>
internal sealed class NoBudgetEvents : IBudgetEvents
{
    /// <inheritdoc/>
    public void Alert(BudgetAlert alert)
    {
    }
}
