using Infermux.Core.Budgets;

namespace Infermux.Grains.Contracts.Budgets;

/// <summary>Hears of budgets in this process; registered by the host, called on a grain's turn.</summary>
public interface IBudgetEvents
{
    /// <summary>
    /// A share of a limit was reached: once per period and share, after it was stored. A process that dies in between loses it. Must return at once: put it
    /// into a queue.
    /// </summary>
    void Alert(BudgetAlert alert);
}
