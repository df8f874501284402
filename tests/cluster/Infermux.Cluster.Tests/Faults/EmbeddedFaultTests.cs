using Infermux.Cluster.Load;
using Infermux.Testing;

namespace Infermux.Cluster.Tests.Faults;

/// <summary>One process with its store in it, killed and succeeded over and over (F27).</summary>
[Collection(OneAtATime.Name)]
public sealed class EmbeddedFaultTests : FaultTests
{
    private const int Each = 40;

    [Fact]
    public Task F27_Kill9TheProcessWithItsStore3Times_LosesNothingThatWasAcknowledged() => KilledAsync(cycles: 3);

    [Fact(Explicit = true)] // minutes
    public Task F27_Kill9TheProcessWithItsStore25Times_LosesNothingThatWasAcknowledged() => KilledAsync(cycles: 25);

    private async Task KilledAsync(int cycles)
    {
        await using var provider = await ScriptedProvider.StartAsync(
            new() { DefaultPrice = GatewayFolder.Price, KeepRequests = 10_000 }, TestContext.Current.CancellationToken);
        provider.Behaviour = new Behaviour { HeadDelay = TimeSpan.FromMilliseconds(20), ChunkInterval = TimeSpan.FromMilliseconds(10) };
        using var folder = GatewayFolder.For(provider, "store: embedded", ["gpt-4o-mini"], Budgets);
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            await using var gateway = await GatewayProcess.StartAsync(folder);
            using var callers = new Callers(gateway.Client.BaseAddress!, TimeProvider.System);
            var before = provider.Truth.Answered;
            var load = new Stampede(callers, Log, TimeProvider.System).RunAsync(Calls(cycle), parallel: 8, CancellationToken.None);
            await provider.WaitForAsync(truth => truth.Answered >= before + (Each / 2), TestContext.Current.CancellationToken);
            await gateway.KillAsync();
            await load; // the rest finds nobody
        }

        await using var last = await GatewayProcess.StartAsync(folder);
        var told = Log.Complete.Sum(record => record.Cost ?? 0m);
        var (settled, unsettled, billed) = (0m, 0m, provider.Truth.Cost);
        await Eventually.HoldsAsync(
            async () =>
            {
                var account = await last.AccountAsync("c-000");
                (settled, unsettled) = (account["settled"]!.GetValue<decimal>(), account["unsettled"]!.GetValue<decimal>());
                return account["open_holds"]!.GetValue<int>() == 0 && await last.LedgerAsync("c-000") == settled;
            },
            TimeSpan.FromSeconds(90),
            () => $"no hold is open and the ledger equals the account: settled {settled}");

        Say(FormattableString.Invariant($"{cycles} kills; {Log.Complete.Count()} answered, told of {told} USD; settled {settled}, {unsettled} of it marked, billed {billed}"));
        Assert.InRange(Log.Complete.Count(), cycles * Each / 4, cycles * Each);
        Assert.True(settled >= told, $"settled {settled}, told {told}");
        Assert.True(settled - unsettled <= billed, $"settled {settled} of which {unsettled} marked, billed {billed}");
    }

    private static IEnumerable<Call> Calls(int cycle) =>
        Enumerable.Range(0, Each).Select(n => new Call("c-000", "gpt-4o-mini", Stream: n % 2 == 0, Words: 5 + ((n + cycle) % 7), MaxTokens: 20));
}
