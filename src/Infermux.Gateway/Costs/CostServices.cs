using Infermux.Grains.Contracts.Budgets;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Infermux.Gateway.Costs;

/// <summary>Registers the cost reports.</summary>
internal static class CostServices
{
    /// <summary>Adds <see cref="CostReports"/>. Needs <see cref="IGrainFactory"/>.</summary>
    public static IServiceCollection AddCosts(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ICostSource, GrainCostSource>();
        services.TryAddSingleton(provider =>
        {
            var grains = provider.GetRequiredService<IGrainFactory>();
            return new CostReports(
                provider.GetRequiredService<ICostSource>(),
                caller => grains.GetGrain<ICallerBudgetGrain>(caller),
                provider.GetRequiredService<TimeProvider>());
        });
        return services;
    }
}
