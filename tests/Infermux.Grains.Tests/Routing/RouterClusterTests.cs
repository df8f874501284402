using System.Collections.Concurrent;
using Infermux.Core.Configuration;
using Infermux.Grains.Contracts.Providers;
using Infermux.Grains.Contracts.Routing;
using Infermux.Grains.Routing;
using Infermux.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.TestingHost;
using Xunit;

namespace Infermux.Grains.Tests.Routing;

/// <summary>The RouterGrain and ProviderViews in a real silo; owners and accounts are scripted.</summary>
public sealed class RouterClusterTests : IAsyncLifetime
{
    private readonly RouterLab _lab = new(RouterLab.Options("a", "b") with { Routing = new RoutingOptions() });
    private InProcessTestCluster _cluster = null!;

    private ProviderViews Views => _cluster.Silos[0].ServiceProvider.GetRequiredService<ProviderViews>();

    private IRouterGrain Router => _cluster.Silos[0].ServiceProvider.GetRequiredService<IGrainFactory>().GetGrain<IRouterGrain>(0);

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) => silo.ConfigureServices(services =>
        {
            services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
            services.AddSingleton<ICurrentConfiguration>(_lab.Configuration);
            services.AddSingleton(new ProcessIdentity(Guid.NewGuid(), Serves: true));
            services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ProviderViews>(provider, _lab.Factory(provider.GetRequiredService<IGrainFactory>())));
            services.AddRouting();
        }));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Views_PushedByAnOwner_ChangeTheNextSelectionAndOlderOnesDoNot()
    {
        await Until(() => _lab.Owner("a").Observers == 1 && Views.Find("a") is not null);
        await _lab.Owner("a").PushAsync(view => view with { Healthy = false });
        await Until(() => Views.Find("a") is { Healthy: false });
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal("b", (await Router.SelectAsync(_lab.Ask())).Provider);
        }

        await Views.ChangedAsync(new ProviderView { Provider = "a", Incarnation = 1, Sequence = 1 });
        Assert.False(Views.Find("a")!.Healthy);
        await Views.ChangedAsync(new ProviderView { Provider = "a", Incarnation = 2, Sequence = 0 });
        Assert.True(Views.Find("a")!.Healthy);
    }

    [Fact]
    public async Task Views_OfAClient_AreNotToldOfFiguresAndThoseOfASiloAre()
    {
        await Until(() => _lab.Owner("a").Selecting == 1);
        using var views = new ProviderViews(
            _lab.Configuration, _lab.Factory(_cluster.Client), new ProcessIdentity(Guid.NewGuid(), Serves: true), TimeProvider.System, NullLogger<ProviderViews>.Instance);
        ILifecycleObserver? life = null;
        views.Participate(Forwarding.To<IClusterClientLifecycle>((_, arguments) =>
        {
            life = (ILifecycleObserver)arguments[2]!;
            return null;
        }));
        await life!.OnStart(TestContext.Current.CancellationToken);
        Assert.Equal((2, 1), (_lab.Owner("a").Observers, _lab.Owner("a").Selecting));
        await life.OnStop(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Views_UnderSuspicion_AskForSuccessesOncePerView()
    {
        await Until(() => Views.Find("a") is not null);
        var asked = new ConcurrentQueue<string>(); // the poll runs beside the test
        Views.OnSuspicion(asked.Enqueue);
        var suspected = _lab.Owner("a").Show(view => view with { Suspected = true });
        await Views.ChangedAsync(suspected);
        await Views.ChangedAsync(suspected); // by the poll, after the push
        await Views.ChangedAsync(_lab.Owner("a").Show(view => view with { Suspected = false }));
        Assert.Equal(["a"], asked);
    }

    [Fact]
    public async Task Views_PushLost_PollBringsIt()
    {
        await Until(() => Views.Find("a") is not null);
        _lab.Owner("a").Show(view => view with { Healthy = false });
        await Until(() => Views.Find("a") is { Healthy: false });
    }

    [Fact]
    public async Task Views_OneQuestionASecond_BringsAllProvidersAndTheNumberOfProcesses()
    {
        await Until(() => _lab.Directory.Questions.Count >= 3);
        var questions = _lab.Directory.Questions.ToArray();
        Assert.Equal((Guid.Empty, 0), (questions[0].Directory, questions[0].Version));
        Assert.Equal(2, questions[2].Version);
        Assert.Equal(new ProcessCount(7, 4), Views.Processes);
    }

    [Fact]
    public async Task Views_OwnerDied_TheFirstViewOfItsSuccessorSubscribesAgain()
    {
        await Until(() => _lab.Owner("a").Observers == 1);
        _lab.Owner("a").Succeed();
        await Until(() => _lab.Owner("a").Observers == 1);
        Assert.Equal(2, Views.Find("a")!.Incarnation);
        Assert.InRange(_lab.Directory.Questions.Count, 1, 5); // well before a subscription is renewed anyway
    }

    [Fact]
    public async Task Admission_OfANewOwner_SubscribesAtOnce()
    {
        await Until(() => _lab.Owner("a").Observers == 1);
        _lab.Owner("a").Succeed();
        Views.Heard("a", 2);
        Assert.Equal(1, _lab.Owner("a").Observers);
    }

    [Fact]
    public async Task Views_Reload_WatchesTheNewProviderAndLeavesTheGoneOne()
    {
        await Until(() => _lab.Owner("a").Observers == 1);
        _lab.Configuration.Reload(RouterLab.Options("b", "c"));
        await Until(() => _lab.Owner("c").Observers == 1 && _lab.Owner("a").Observers == 0);
        Assert.Null(Views.Find("a"));
        Assert.Equal("b", (await Router.SelectAsync(_lab.Ask())).Provider);
    }

    [Fact]
    public async Task Views_Stop_TakesLeave()
    {
        await Until(() => _lab.Owner("a").Observers == 1);
        await _cluster.Silos[0].StopSiloAsync(stopGracefully: true);
        Assert.Equal(0, _lab.Owner("a").Observers);
    }

    [Fact]
    public async Task Select_LocalCall_CostIsPrinted()
    {
        var (router, request) = (Router, _lab.Ask());
        var selector = _cluster.Silos[0].ServiceProvider.GetRequiredService<Selector>();
        await Measure("grain call", 20_000, async () => await router.SelectAsync(request));
        var bytes = await Measure("selection alone", 20_000, async () => await selector.SelectAsync(request));
        Assert.InRange(bytes, 1, 1_024);
    }

    private static async Task<double> Measure(string what, int times, Func<Task> call)
    {
        for (var i = 0; i < times / 4; i++)
        {
            await call();
        }

        var time = TimeProvider.System;
        var (bytes, at) = (GC.GetAllocatedBytesForCurrentThread(), time.GetTimestamp()); // a selection alone never leaves it; other tests run beside
        for (var i = 0; i < times; i++)
        {
            await call();
        }

        var each = (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)times;
        TestContext.Current.TestOutputHelper!.WriteLine($"{what}: {time.GetElapsedTime(at).TotalMicroseconds / times:F2} us, {each:F0} bytes");
        return each;
    }

    private static async Task Until(Func<bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition())
        {
            await tick.WaitForNextTickAsync(patience.Token);
        }
    }
}
