using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Infermux.Grains.Ledger;

/// <summary>Registers what the ledger's grains need in a silo.</summary>
public static class LedgerServices
{
    /// <summary>Adds the ledger with a store in memory, unless a durable one is registered before or after.</summary>
    public static IServiceCollection AddLedger(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ILedgerStore, MemoryLedgerStore>();
        return services;
    }
}
