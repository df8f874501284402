using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Tests.Costs;

/// <summary>An account that only tells how it stands.</summary>
internal sealed class BudgetedAccount(Func<AccountView> view)
{
    public ValueTask<AccountView> GetAsync() => ValueTask.FromResult(view());
}
