using Infermux.Core.Configuration;
using Infermux.Core.Routing;
using Infermux.Grains.Contracts.Routing;

namespace Infermux.Grains.Routing;

/// <summary>What a selection must know of its caller's money.</summary>
/// <param name="Account">The account it is charged to.</param>
/// <param name="Reserves">Whether a budget of it acts, so that money is held first.</param>
/// <param name="WhenUnavailable">What happens while the account does not answer.</param>
internal readonly record struct CallerMoney(string Account, bool Reserves, OnUnavailable WhenUnavailable)
{
    /// <summary>By the caller's own entry where it acts, else by a limit set through the management API, as this process or the asking gateway last heard.</summary>
    public static CallerMoney Of(SelectRequest request, RoutingWorld world, ActingAccounts acting)
    {
        var account = request.Account.Length > 0 ? request.Account : request.Caller;
        var budget = world.Budgets.Find(request.Caller);
        var action = BudgetRules.Acts(budget?.Action) ? budget!.Action : request.ActingLimit ?? acting.Find(account);
        var free = request.Kind == RequestKind.TokenCount;
        return new CallerMoney(account, !free && BudgetRules.Acts(action), world.Budgets.WhenUnavailable(budget, action));
    }
}
