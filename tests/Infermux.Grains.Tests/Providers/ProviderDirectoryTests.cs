using Infermux.Grains.Contracts.Providers;
using Xunit;

namespace Infermux.Grains.Tests.Providers;

/// <summary>The directory over real owners. It keeps all of them active, so it has a cluster of its own.</summary>
public sealed class ProviderDirectoryTests(ProviderCluster cluster) : IClassFixture<ProviderCluster>
{
    private static readonly Guid Gateway = Guid.Parse("00000000-0000-0000-0000-00000000000a");

    private IProviderDirectoryGrain Directory => cluster.Orleans.Client.GetGrain<IProviderDirectoryGrain>(0);

    [Fact]
    public async Task Look_EachProvider_IsKnownAndItsTransitionIsToldWithoutAsking()
    {
        var (all, version) = (new HashSet<string>(), new ViewQuestion(Guid.NewGuid(), true, Guid.Empty, 0));
        await UntilAsync(views => all.Add(views.Provider) && all.Count == 30);

        // The clock stands still, so nobody is asked again.
        await cluster["p1"].ReportAsync(new OutcomeReport { Gateway = Gateway, Number = 1, Runs = [new OutcomeRun { Generation = 1, Kind = OutcomeKind.Fault, Count = 5 }] });
        await UntilAsync(view => view is { Provider: "p1", Circuit: CircuitState.Open });

        async Task UntilAsync(Func<ProviderView, bool> seen)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
            do
            {
                var answer = await Directory.SinceAsync(version);
                version = version with { Directory = answer.Directory, Version = answer.Version };
                if (answer.Views.Any(seen))
                {
                    return;
                }
            }
            while (await tick.WaitForNextTickAsync(patience.Token));
        }
    }
}
