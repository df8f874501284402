using Infermux.Grains.Contracts.Budgets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Infermux.Grains.Budgets;

/// <summary>What callers' accounts need in a silo.</summary>
public static class BudgetServices
{
    /// <summary>
    /// Registers the way to the ledger, no watch over its epoch where the host registered none, and, unless the host registered its own <see cref="IBudgetEvents"/>, one that only logs. Besides, a silo needs a
    /// storage provider named <c>infermux</c> and <see cref="Core.Configuration.ICurrentConfiguration"/>.
    /// </summary>
    public static IServiceCollection AddCallerBudgets(this IServiceCollection services)
    {
        services.TryAddSingleton<ILedgerOutlet, LedgerOutlet>();
        services.TryAddSingleton<ILedgerTrust, NoLedgerTrust>();
        services.TryAddSingleton<IAccountWaker, NoAccountWaker>();
        services.TryAddSingleton<IStoreClock, NoStoreClock>();
        services.TryAddSingleton<IBudgetEvents, NoBudgetEvents>();
        return services;
    }
}
