using Infermux.Core.Routing;
using Infermux.Grains.Contracts.Providers;
using Infermux.Grains.Contracts.Routing;
using Infermux.Grains.Routing;
using Infermux.Grains.Tests.Routing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Infermux.Grains.Tests.Providers;

/// <summary>Invariants I1 and I3 over a real owner and eight processes that select: one probe at a time in the cluster, and results count in their generation only.</summary>
public sealed class ProbeTests(ProviderCluster cluster) : IClassFixture<ProviderCluster>
{
    private const int Processes = 8;
    private const int Each = 100;
    private static readonly Guid Gateway = Guid.Parse("00000000-0000-0000-0000-00000000000b");
    private long _number;

    private Selector[] Start() => [.. Enumerable.Range(0, Processes).Select(_ =>
    {
        var lab = new RouterLab(cluster.File.Current.Options, cluster.Clock);
        return new Selector(
            new RoutingWorlds(cluster.File),
            new ProviderViews(cluster.File, cluster.Orleans.Client, new ProcessIdentity(Guid.NewGuid(), Serves: true), cluster.Clock, NullLogger<ProviderViews>.Instance),
            lab.Acting,
            new AdmissionGates(cluster.Clock),
            new OwnerClocks(cluster.Clock),
            new Reservations(lab.Grains, new LedgerBreaker(), cluster.Clock, new Random(5), NullLogger<Reservations>.Instance),
            cluster.Orleans.Client,
            cluster.Clock,
            new Random(3),
            NullLogger<Selector>.Instance);
    })];

    /// <summary>A request that only <paramref name="provider"/> and p29 may take.</summary>
    private SelectRequest Ask(string provider) => new RouterLab(cluster.File.Current.Options, cluster.Clock).Ask() with
    {
        Tried = [.. cluster.File.Current.Options.Providers.Select(p => p.Name).Where(name => name != provider && name != "p29")],
    };

    private async Task<Selection[]> SelectAllAsync(Selector[] processes, string provider)
    {
        var view = await cluster[provider].GetAsync();
        await Task.WhenAll(processes.Select(process => process.Views.ChangedAsync(view)));
        return [.. (await Task.WhenAll(processes.SelectMany(process => Enumerable.Range(0, Each).Select(_ => process.SelectAsync(Ask(provider)).AsTask()))))
            .Where(selection => selection.Provider == provider)];
    }

    private async Task TellAsync(string provider, OutcomeKind kind, long generation, int count = 1, Guid? permit = null) =>
        await cluster[provider].ReportAsync(new OutcomeReport
        {
            Gateway = Gateway,
            Number = ++_number,
            Runs = [new OutcomeRun { Generation = generation, Kind = kind, Count = count, ProbePermit = permit }],
        });

    private async Task<ProviderView> OpenAsync(string provider)
    {
        await TellAsync(provider, OutcomeKind.Fault, (await cluster[provider].GetAsync()).Generation, count: 5);
        var open = await cluster[provider].GetAsync();
        Assert.Equal(CircuitState.Open, open.Circuit);
        return open;
    }

    private void PassUntil(DateTimeOffset at) => cluster.Clock.Advance(at - cluster.Clock.GetUtcNow());

    [Fact]
    public async Task I1_EightProcessesWaiting_SendExactlyOneProbePerWindowAndAllAgainOnceItSucceeds()
    {
        var processes = Start();
        var open = await OpenAsync("p0");
        for (var window = 0; window < 5; window++)
        {
            Assert.Empty(await SelectAllAsync(processes, "p0"));
            PassUntil(open.RecoveryAt!.Value);
            var probe = Assert.Single(await SelectAllAsync(processes, "p0"));
            Assert.NotNull(probe.ProbePermit);
            Assert.Empty(await SelectAllAsync(processes, "p0")); // it is out
            await TellAsync("p0", OutcomeKind.Fault, probe.Generation, permit: probe.ProbePermit);
            open = await cluster["p0"].GetAsync();
            Assert.Equal((CircuitState.Open, "probe_failed"), (open.Circuit, open.Reason));
        }

        PassUntil(open.RecoveryAt!.Value);
        var last = Assert.Single(await SelectAllAsync(processes, "p0"));
        await TellAsync("p0", OutcomeKind.Success, last.Generation, permit: last.ProbePermit);
        Assert.InRange((await SelectAllAsync(processes, "p0")).Length, Processes * Each * 4 / 10, Processes * Each * 6 / 10); // its share at once
    }

    [Fact]
    public async Task I1_TheProcessWithTheProbeDies_TheNextProbeGoesOutAfterItsPermitAndTheRecoveryWindow()
    {
        var processes = Start();
        PassUntil((await OpenAsync("p1")).RecoveryAt!.Value);
        Assert.Single(await SelectAllAsync(processes, "p1"));
        PassUntil((await cluster["p1"].GetAsync()).ProbeOutUntil!.Value);
        var open = await cluster["p1"].GetAsync();
        Assert.Equal(CircuitState.Open, open.Circuit);
        Assert.Equal(TimeSpan.FromSeconds(30), open.RecoveryAt - cluster.Clock.GetUtcNow()); // no further step: nobody knows what became of it
        PassUntil(open.RecoveryAt!.Value);
        Assert.Single(await SelectAllAsync(processes, "p1"));
    }

    [Fact]
    public async Task I1_OwnerMovesWhileTheProbeIsOut_GrantsNoOther()
    {
        var processes = Start();
        PassUntil((await OpenAsync("p2")).RecoveryAt!.Value);
        var probe = Assert.Single(await SelectAllAsync(processes, "p2"));
        await cluster.RestartAsync("p2");
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await SelectAllAsync(processes, "p2"));
        await TellAsync("p2", OutcomeKind.Success, probe.Generation, permit: probe.ProbePermit);
        Assert.Equal(CircuitState.Closed, (await cluster["p2"].GetAsync()).Circuit);
    }

    [Fact]
    public async Task I3_ResultsOfAnOlderGeneration_NeitherCloseAnOpenCircuitNorOpenAClosedOne()
    {
        var closed = await cluster["p3"].GetAsync();
        var open = await OpenAsync("p3");
        await TellAsync("p3", OutcomeKind.Success, closed.Generation, count: 100);
        PassUntil(open.RecoveryAt!.Value);
        await TellAsync("p3", OutcomeKind.Success, closed.Generation, count: 100);
        await TellAsync("p3", OutcomeKind.Success, closed.Generation, permit: Guid.NewGuid());
        Assert.Equal(CircuitState.HalfOpen, (await cluster["p3"].GetAsync()).Circuit);

        await cluster["p3"].ControlAsync(CircuitControl.Close);
        await TellAsync("p3", OutcomeKind.Fault, closed.Generation, count: 100);
        await TellAsync("p3", OutcomeKind.Fault, open.Generation, count: 100);
        cluster.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(CircuitState.Closed, (await cluster["p3"].GetAsync()).Circuit);
    }
}
