using Infermux.Grains.Contracts.Budgets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Infermux.Hosting.Events;

/// <summary>Registers the event bus.</summary>
public static class EventServices
{
    /// <summary>Adds <see cref="EventBus"/>, which budget alerts go to as well, so call it before <c>AddCallerBudgets</c>; subscribers are whatever implements <see cref="IEventSubscriber"/> in the container.</summary>
    public static IServiceCollection AddInfermuxEvents(this IServiceCollection services)
    {
        services.TryAddSingleton<EventBus>();
        services.TryAddSingleton<IBudgetEvents, BudgetEventsOnBus>();
        services.AddHostedService(provider => provider.GetRequiredService<EventBus>());
        return services;
    }

    /// <summary>
    /// Has the alerts of this process's accounts told to the whole cluster instead of to this process alone, and with <paramref name="follow"/> brings those of
    /// all silos to this process's bus. Call after <see cref="AddInfermuxEvents"/> and after Orleans was added.
    /// </summary>
    public static IServiceCollection AddClusterEvents(this IServiceCollection services, bool follow)
    {
        services.Replace(ServiceDescriptor.Singleton<IBudgetEvents, BudgetEventsInCluster>());
        return follow ? services.AddHostedService<AlertFeed>() : services;
    }
}
