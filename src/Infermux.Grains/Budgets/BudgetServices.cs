using Infermux.Core.Configuration;
using Infermux.Grains.Contracts.Budgets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Infermux.Grains.Budgets;

/// <summary>What callers' accounts need in a silo.</summary>
public static class BudgetServices
{
    /// <summary>
    /// Registers the way to the ledger and, where the host registered none of its own: no watch over the ledger's epoch, configurations numbered in this
    /// process alone, and an <see cref="IBudgetEvents"/> that only logs. Besides, a silo needs a storage provider named <c>infermux</c> and
    /// <see cref="ICurrentConfiguration"/>.
    /// </summary>
    public static IServiceCollection AddCallerBudgets(this IServiceCollection services)
    {
        services.TryAddSingleton<ILedgerOutlet, LedgerOutlet>();
        services.TryAddSingleton<ILedgerTrust, NoLedgerTrust>();
        services.TryAddSingleton<IAccountWaker, NoAccountWaker>();
        services.TryAddSingleton<IStoreClock, NoStoreClock>();
        services.TryAddSingleton<INumberedConfiguration, CountedConfiguration>();
        services.TryAddSingleton<IBudgetEvents, NoBudgetEvents>();
        return services;
    }
}
