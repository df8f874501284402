using Infermux.Grains.Budgets;
using Infermux.Grains.Ledger;
using Infermux.Grains.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Infermux.Grains;

/// <summary>Registers everything that grains live on.</summary>
public static class GrainServices
{
    /// <summary>
    /// Adds selection, callers' accounts and the ledger to a process with a silo. Needs besides a storage provider named <c>infermux</c>, an
    /// <see cref="Core.Configuration.ICurrentConfiguration"/> and an <see cref="Core.Limits.IProviderProbe"/>.
    /// </summary>
    public static IServiceCollection AddSiloGrains(this IServiceCollection services) => services.AddRouting().AddCallerBudgets().AddLedger();
}
