using Infermux.Core.Configuration;
using Infermux.Gateway.Money.Capped;
using Infermux.Gateway.Money.Journal;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Infermux.Gateway.Money;

/// <summary>Registers the money side of the gateway.</summary>
internal static class SettlementsServices
{
    /// <summary>
    /// Adds <see cref="ISettlements"/>. Call after Orleans is registered: hosted services stop in reverse order, and the last settles need it. Needs
    /// <see cref="ICurrentConfiguration"/>, <see cref="IGrainFactory"/> and logging. Journals under <c>{cluster.data_dir}/journal</c>, except with
    /// <c>cluster.store: memory</c>.
    /// </summary>
    public static IServiceCollection AddSettlements(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(CreateMemory);
        services.TryAddSingleton<AccountMemory>();
        services.TryAddSingleton(CreateCapped);
        services.TryAddSingleton(Create);
        services.TryAddSingleton<ISettlements>(provider => provider.GetRequiredService<Settlements>());
        services.AddHostedService(provider => provider.GetRequiredService<Settlements>());
        services.AddHostedService(provider => provider.GetRequiredService<CappedSpends>()); // after the journal, which refuses a data_dir that another process uses
        return services;
    }

    private static LedgerMemory CreateMemory(IServiceProvider provider)
    {
        var cluster = provider.GetRequiredService<ICurrentConfiguration>().Current.Options.Cluster;
        return new LedgerMemory(
            cluster.Store == StoreKind.Memory ? null : Path.Combine(cluster.DataDir, LedgerMemory.FileName), provider.GetRequiredService<ILogger<LedgerMemory>>());
    }

    private static CappedSpends CreateCapped(IServiceProvider provider)
    {
        var cluster = provider.GetRequiredService<ICurrentConfiguration>().Current.Options.Cluster;
        return new CappedSpends(
            () => cluster.Store == StoreKind.Memory ? null : new CappedFile(Path.Combine(cluster.DataDir, CappedFile.FileName)),
            () => provider.GetRequiredService<ProviderViews>().Processes.Gateways,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<CappedSpends>>());
    }

    private static Settlements Create(IServiceProvider provider)
    {
        var grains = provider.GetRequiredService<IGrainFactory>();
        return new Settlements(
            () => Open(provider),
            account => grains.GetGrain<ICallerBudgetGrain>(account),
            provider.GetRequiredService<AccountMemory>(),
            new SettlePace(),
            provider.GetRequiredService<TimeProvider>(),
            Random.Shared,
            provider.GetRequiredService<ILogger<Settlements>>());
    }

    private static ISettleJournal Open(IServiceProvider provider)
    {
        var cluster = provider.GetRequiredService<ICurrentConfiguration>().Current.Options.Cluster;
        return cluster.Store == StoreKind.Memory
            ? new NoJournal()
            : FileJournal.Open(Path.Combine(cluster.DataDir, "journal"), provider.GetRequiredService<ILogger<FileJournal>>());
    }
}
