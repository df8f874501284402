using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Tests.Costs;

/// <summary>An account that only tells how it stands.</summary>
internal sealed class BudgetedAccount(Func<AccountView> view) : ICallerBudgetGrain
{
    public ValueTask<AccountView> GetAsync() => ValueTask.FromResult(view());

    public ValueTask<ReserveAnswer> ReserveAsync(ReserveCommand command) => throw new NotSupportedException();

    public Task<VoidAnswer> VoidAsync(VoidCommand command) => throw new NotSupportedException();

    public Task<AccountStamp> SettleAsync(SettleBatch batch) => throw new NotSupportedException();

    public Task<AccountStamp> RefreshAsync(RefreshBatch batch) => throw new NotSupportedException();

    public ValueTask<AccountView> OverrideLimitAsync(LimitOverride? limit) => throw new NotSupportedException();
}
