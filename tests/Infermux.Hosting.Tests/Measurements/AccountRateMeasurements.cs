using System.Globalization;
using Infermux.Core.Configuration;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Hosting.Clustering;
using Infermux.Hosting.Configuration;
using Infermux.Hosting.Tests.Clustering;
using Infermux.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Infermux.Hosting.Tests.Measurements;

/// <summary>
/// Reserve and settle pairs in a second over redis-server with <c>appendfsync always</c>: a silo, and three gateways' worth of commands from within its
/// process, on whatever the machine has. Run by <c>bench/cluster.sh</c>.
/// </summary>
public sealed class AccountRateMeasurements
{
    private const int Gateways = 3;
    private const int Wanted = 5_000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(5);
    private const int Rounds = 5;

    [Theory(Explicit = true)]
    [InlineData(1, 64)]
    [InlineData(1_000, 192)]
    public async Task Accounts_ReserveAndSettle_AtLeast5000PairsInASecond(int accounts, int parallel)
    {
        await using var redis = await RedisProcess.StartAsync();
        var cluster = TestSilo.OnRedis(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{redis.Port}"));
        var budgets = new BudgetsOptions { Callers = [new() { Caller = "*", LimitUsd = 1_000_000m, Action = BudgetAction.HardStop }] };
        await using var silo = await TestSilo.StartAsync(
            ClusterSettings.From(cluster, embeddedStore: null), LoadedConfiguration.Of(new() { Cluster = cluster, Budgets = budgets }));
        var names = Enumerable.Range(0, accounts).Select(n => string.Create(CultureInfo.InvariantCulture, $"c-{n:0000}")).ToArray();
        var load = new Load(silo.Services.GetRequiredService<IGrainFactory>(), names, Gateways, parallel);

        load.Open();
        await load.RunAsync(WarmUp);
        var rates = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var cpu = Environment.CpuUsage.TotalTime;
            var (pairs, took) = await load.RunAsync(Measured);
            rates.Add(pairs / took.TotalSeconds);
            TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{accounts} accounts, {parallel} at once: {rates[^1]:0} pairs/s, "
                + $"{(Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / pairs:0} µs of CPU each beside the store"));
        }

        var settled = 0m;
        foreach (var name in names)
        {
            settled += (await silo.Services.GetRequiredService<IGrainFactory>().GetGrain<ICallerBudgetGrain>(name).GetAsync()).Settled;
        }

        Assert.Equal(load.Pairs * PacedGateway.Each, settled);
        var median = rates.Order().ElementAt(Rounds / 2);
        Assert.True(median >= Wanted, string.Create(CultureInfo.InvariantCulture, $"median {median:0} pairs/s"));
    }

    /// <summary>So many pairs at once, over all gateways and accounts by turns.</summary>
    private sealed class Load(IGrainFactory grains, string[] names, int gateways, int parallel)
    {
        private readonly PacedGateway[] _serving = [.. Enumerable.Range(0, gateways).Select(_ => new PacedGateway(grains, TimeProvider.System))];
        private long _turn;

        /// <summary>Pairs so far.</summary>
        public long Pairs { get; private set; }

        public void Open()
        {
            foreach (var gateway in _serving)
            {
                gateway.Open(names);
            }
        }

        /// <summary>Pairs begun in this time and settled to the last, and how long that took.</summary>
        public async Task<(long Pairs, TimeSpan Took)> RunAsync(TimeSpan duration)
        {
            var started = TimeProvider.System.GetTimestamp();
            var each = await Task.WhenAll(Enumerable.Range(0, parallel).Select(worker => Task.Run(async () =>
            {
                var pairs = 0L;
                for (; TimeProvider.System.GetElapsedTime(started) < duration; pairs++)
                {
                    await _serving[worker % gateways].PairAsync(names[(int)(Interlocked.Increment(ref _turn) % names.Length)]);
                }

                return pairs;
            })));
            await Task.WhenAll(_serving.Select(gateway => gateway.SettledAsync()));
            Pairs += each.Sum();
            return (each.Sum(), TimeProvider.System.GetElapsedTime(started));
        }
    }
}
