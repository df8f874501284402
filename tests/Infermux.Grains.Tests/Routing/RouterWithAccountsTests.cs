using Infermux.Core.Configuration;
using Infermux.Grains.Budgets;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Contracts.Routing;
using Infermux.Grains.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.TestingHost;
using Xunit;

namespace Infermux.Grains.Tests.Routing;

/// <summary>The RouterGrain and the real CallerBudgetGrain; owners are scripted.</summary>
public sealed class RouterWithAccountsTests : IAsyncLifetime
{
    private readonly RouterLab _lab = new(RouterLab.Budgeted(
        RouterLab.Priced(RouterLab.Options("dear", "cheap"), ("dear", 10m), ("cheap", 1m)), BudgetAction.HardStop))
    { RealAccounts = true };

    private InProcessTestCluster _cluster = null!;

    private IGrainFactory Grains => _cluster.Silos[0].ServiceProvider.GetRequiredService<IGrainFactory>();

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) => silo.AddMemoryGrainStorage("infermux").ConfigureServices(services =>
        {
            services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Error));
            services.AddSingleton<ICurrentConfiguration>(_lab.Configuration);
            services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ProviderViews>(provider, _lab.Factory(provider.GetRequiredService<IGrainFactory>())));
            services.AddRouting().AddCallerBudgets();
        }));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Select_HundredAtOnceOverAHardLimit_GrantsNoMoreThanItAndTriesTheCheaperOne()
    {
        var asked = Enumerable.Range(0, 100).Select(_ => _lab.Ask() with { PromptBound = 10_000, MaxTokens = 10_000 }).ToArray();
        var selections = await Task.WhenAll(asked.Select(SelectAsync));
        var held = selections.Sum(selection => selection.Hold?.Amount ?? 0);
        var account = await Grains.GetGrain<ICallerBudgetGrain>("c").GetAsync();
        Assert.Equal(held, account.Reserved);
        Assert.Equal(1m, held);
        Assert.Contains(selections, selection => selection.Outcome is SelectionOutcome.BudgetExceeded && selection.Budget!.Limit == 1m);
        Assert.All(selections, selection => Assert.True(selection.Outcome is SelectionOutcome.Selected or SelectionOutcome.BudgetExceeded));
    }

    [Fact]
    public async Task Select_RepeatedByTheGateway_HoldsTheLastChoiceOnly()
    {
        var request = _lab.Ask() with { PromptBound = 10_000, MaxTokens = 10_000 };
        Assert.Equal("dear", (await SelectAsync(request)).Provider);
        Assert.Equal("cheap", (await SelectAsync(request with { Repeat = 10, Tried = ["dear"] })).Provider);
        Assert.Equal(0.02m, (await Grains.GetGrain<ICallerBudgetGrain>("c").GetAsync()).Reserved);
    }

    /// <summary>Asks as a gateway does: an account that was activated anew is asked again with what it said.</summary>
    private async Task<Selection> SelectAsync(SelectRequest request)
    {
        var router = Grains.GetGrain<IRouterGrain>(0);
        var selection = await router.SelectAsync(request);
        return selection.Outcome is SelectionOutcome.AccountMoved
            ? await router.SelectAsync(request with { AccountIncarnation = selection.AccountIncarnation, Repeat = request.Repeat + 1 })
            : selection;
    }
}
