using System.Globalization;
using Infermux.Cluster.Load;
using Infermux.Cluster.Topology;
using Infermux.Testing;

namespace Infermux.Cluster.Tests;

/// <summary>Three gateways, 64 at once through each, one caller with money for exactly 500 requests. What a request is held at is what it is billed.</summary>
[Collection(OneAtATime.Name)]
public sealed class StampedeTests : ClusterTests
{
    private const int Served = 500;
    private const int Tokens = 20;
    private const int Parallel = 3 * 64;
    private const decimal OutputPrice = 30m; // USD per million; the prompt is free, so that the hold is the bill
    private const decimal Each = Tokens * OutputPrice / 1_000_000m;

    private static readonly string[] Models = [.. Enumerable.Range(0, Served + (2 * Parallel)).Select(n => string.Create(CultureInfo.InvariantCulture, $"m-{n:0000}"))];

    private static IEnumerable<Call> Calls => Models.Select((model, n) => new Call("alice", model, Stream: n % 4 == 0, Words: Tokens, MaxTokens: Tokens));

    [Fact]
    public async Task HardStop_MoneyForExactly500_Serves500AndTheLedgerIsTheBill()
    {
        var cluster = await StartAsync(Plan());
        using var callers = new Callers(cluster.Address, TimeProvider.System);
        var stampede = new Stampede(callers, Log, TimeProvider.System);

        await stampede.RunAsync(Calls, Parallel, CancellationToken.None);

        Say($"{Log.Summary()}; {stampede.Repeated.Count} refusals repeated");
        Assert.Equal(Served, stampede.Served);
        Assert.All(Log.Failed, record => Assert.True(record is { Status: 429, Code: "budget_exceeded", Held: 0m }, $"{record.Status} {record.Code} {record.Said}"));
        var report = await AuditAsync(cluster, modelPerCall: true);
        Assert.Equal(Served * Each, report.Settled);
        Assert.Equal(0m, report.Marked);
        Assert.Equal(report.Settled, cluster.Provider("primary").Scripted.Truth.Cost);
    }

    [Fact]
    public async Task HardStop_WithAKill9OfOneOfThree_SpendsTheMoneyToTheEndAndNotBeyond()
    {
        var cluster = await StartAsync(Plan());
        using var callers = new Callers(cluster.Address, TimeProvider.System);
        var stampede = new Stampede(callers, Log, TimeProvider.System);

        var running = stampede.RunAsync(Calls, Parallel, CancellationToken.None);
        await cluster.Provider("primary").Scripted.WaitForAsync(truth => truth.Answered >= Served / 3, TestContext.Current.CancellationToken);
        var victim = cluster.Nodes[1];
        await victim.KillAsync();
        await victim.StartAsync(); // its journal replays
        await running;

        Say($"{Log.Summary()}; {stampede.Repeated.Count} refusals repeated");
        var cut = Log.Cut.Count();
        Assert.InRange(cut, 1, Parallel);
        Assert.All(Log.Failed.Except(Log.Cut), record => Assert.True(record is { Status: 429, Code: "budget_exceeded" }, $"{record.Status} {record.Code} {record.Said}"));
        var report = await AuditAsync(cluster, modelPerCall: true, quietLimit: TimeSpan.FromSeconds(45));
        Assert.Equal(Served * Each, report.Settled); // nothing leaked: in the end all the money could be spent
        Assert.InRange(stampede.Served, Served - cut, Served);
        Assert.InRange(report.Marked, 0m, cut * Each);
    }

    [Fact]
    public async Task F48_HardStop_ThroughAFreezeOfTheStoreAndAKill9OfEachSilo_Serves500AndTheLedgerIsTheBill()
    {
        var cluster = await StartAsync(Plan() with { Nodes = ClusterPlan.Split(2, 3) });
        var primary = cluster.Provider("primary").Scripted;
        primary.Behaviour = new Behaviour { HeadDelay = TimeSpan.FromSeconds(3) }; // so that there is something left to spend while parts are away
        using var callers = new Callers(cluster.Address, TimeProvider.System);
        var stampede = new Stampede(callers, Log, TimeProvider.System);
        await new Stampede(callers, new CallLog(), TimeProvider.System).RunAsync(Calls.Select(call => call with { Caller = "warm" }), Parallel, CancellationToken.None);
        var warm = primary.Truth;

        var running = stampede.RunAsync(Calls, Parallel, CancellationToken.None);
        await primary.WaitForAsync(truth => truth.Answered >= warm.Answered + (Served / 10), TestContext.Current.CancellationToken);
        await cluster.FreezeStoreAsync(TimeSpan.FromSeconds(3));
        foreach (var silo in cluster.Silos) // one of them owns the account
        {
            await silo.KillAsync();
            await silo.StartAsync();
        }

        await running;

        Say($"{Log.Summary()}; {stampede.Repeated.Count} refusals repeated");
        Assert.Equal(Served, stampede.Served);
        Assert.All(Log.Failed, record => Assert.True(record is { Status: 429, Code: "budget_exceeded", Held: 0m }, $"{record.Status} {record.Code} {record.Said}"));
        Assert.Contains(Log.Complete, record => record.Due + record.Took > cluster.Silos.Last().Deaths.Single().At); // there was money left for all of it
        var report = await AuditAsync(cluster, modelPerCall: true, quietLimit: TimeSpan.FromSeconds(45));
        Assert.Equal(Served * Each, report.Settled);
        Assert.Equal(0m, report.Marked);
        Assert.Equal(report.Settled, primary.Truth.Cost - warm.Cost);
    }

    private static ClusterPlan Plan() => new()
    {
        Models = Models,
        Price = (0m, OutputPrice),
        More = string.Create(CultureInfo.InvariantCulture, $$"""
            budgets:
              callers: [{caller: alice, limit_usd: {{Served * Each}}, action: hard_stop}]
            """),
    };
}
