using System.Collections.Concurrent;
using Infermux.Core.Limits;

namespace Infermux.Gateway.Inference;

/// <summary>The retry budgets of this gateway, one for each route group (the empty name for requests without one) and refill that a file has set.</summary>
internal sealed class RetryBudgets
{
    private readonly ConcurrentDictionary<(string Group, double Refill), RetryBudget> _budgets = new();

    public RetryBudget For(string group, double refill) => _budgets.GetOrAdd((group, refill), static key => new RetryBudget(key.Refill));
}
