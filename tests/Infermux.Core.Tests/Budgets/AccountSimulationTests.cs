using System.Collections.Concurrent;
using System.Globalization;
using Infermux.Core.Tests.Budgets.Simulation;
using Xunit;

namespace Infermux.Core.Tests.Budgets;

/// <summary>
/// Invariants I4, I5 and I7 of the account at every step, over 10,000 seeds. A failing seed is in the message; <c>INFERMUX_SIM_SEED=n</c> replays it alone
/// and <c>INFERMUX_SIM_SEEDS=first..last</c> runs others.
/// </summary>
public sealed class AccountSimulationTests
{
    [Fact]
    public void Account_AnyOrderLossDelayAndDeath_KeepsItsInvariants()
    {
        var (first, last) = Seeds();
        var failed = new ConcurrentBag<int>();
        var tally = new SimTally();
        Parallel.For(first, last, (seed, loop) =>
        {
            if (Fails(seed, tally, tracing: false) is not null)
            {
                failed.Add(seed);
                loop.Break();
            }
        });
        Assert.True(failed.IsEmpty, failed.IsEmpty ? "" : Fails(failed.Min(), tally, tracing: true)?.Message ?? $"seed {failed.Min()} fails, but not when replayed");
        TestContext.Current.TestOutputHelper?.WriteLine(tally.ToString());
        if (last - first >= 10_000)
        {
            Assert.All(Enum.GetValues<SimEvent>(), happened => Assert.True(tally[happened] > 200, $"{happened} hardly ever happens: {tally}"));
        }
    }

    private static SimFailure? Fails(int seed, SimTally tally, bool tracing)
    {
        try
        {
            new SimWorld(seed, tally, tracing).Run();
            return null;
        }
        catch (SimFailure failure)
        {
            return failure;
        }
    }

    private static (int First, int Last) Seeds()
    {
        if (Environment.GetEnvironmentVariable("INFERMUX_SIM_SEED") is { Length: > 0 } one)
        {
            var seed = int.Parse(one, CultureInfo.InvariantCulture);
            return (seed, seed + 1);
        }

        if (Environment.GetEnvironmentVariable("INFERMUX_SIM_SEEDS") is { Length: > 0 } range)
        {
            var ends = range.Split("..");
            return (int.Parse(ends[0], CultureInfo.InvariantCulture), int.Parse(ends[1], CultureInfo.InvariantCulture) + 1);
        }

        return (0, 10_000);
    }
}
