using System.Globalization;
using Infermux.Cluster.Load;
using Infermux.Cluster.Topology;
using Infermux.Testing;

namespace Infermux.Cluster.Tests.Faults;

/// <summary>Providers that cannot be reached, reset, fail and refuse (F28 to F32), behind two gateways and two silos.</summary>
[Collection(OneAtATime.Name)]
public sealed class ProviderFaultTests : FaultTests
{
    private const string Circuits = "circuit_breaker: {consecutive_failures: 5, recovery_window: 2s}";

    [Fact]
    public async Task F28_PrimaryVanishes_IsAnsweredByTheSecondAfterOneConnectTimeoutAndThenAtOnce()
    {
        var cluster = await TwoProvidersAsync(behindProxies: true);
        var (cut, opened) = (DateTimeOffset.MaxValue, DateTimeOffset.MaxValue);

        await WhileLoadedAsync(cluster, perSecond: 150, streams: 0, before: Compiled, fault: async () =>
        {
            cluster.Provider("primary").Proxy!.Vanish(); // on connections that are open, too
            cut = Now;
            opened = await OpenedAsync(cluster);
        });

        var after = Log.Complete.Where(record => record.Due > cut).ToArray();
        var late = after.Where(record => record.Due > opened + TimeSpan.FromMilliseconds(300)).ToArray();
        var accepted = Log.Complete.Where(record => record.Due <= cut && record.Due + record.Wait > cut + TimeSpan.FromSeconds(1)).ToArray();
        Say($"opened {(opened - cut).TotalSeconds:F1} s after it vanished; {after.Length} due after it, worst wait {after.Max(record => record.Wait).TotalMilliseconds:0} ms; of "
            + $"{late.Length} due after it opened {late.Max(record => record.Wait).TotalMilliseconds:0} ms; {accepted.Length} it had accepted and not answered");
        NobodyFailed();
        Assert.All(after, record => Assert.InRange(record.Wait, TimeSpan.Zero, TimeSpan.FromSeconds(4))); // 2 s of connecting, and an attempt
        Assert.True(late.Count(record => record.Wait > TimeSpan.FromSeconds(1.8)) <= 3, "only probes may still try to connect");
        Assert.InRange(accepted.Length, 0, 10); // those wait for its `timeout`: it may still be at work
        await AuditAsync(cluster);
    }

    [Theory]
    [InlineData(Fault.ResetOnConnect)]
    [InlineData(Fault.ResetAfterRequest)]
    [InlineData(Fault.ResetAfterHead)]
    public async Task F29_PrimaryResetsBeforeContent_FailsNobody(Fault fault)
    {
        var cluster = await TwoProvidersAsync();

        await WhileLoadedAsync(cluster, perSecond: 60, streams: 10, after: TimeSpan.FromSeconds(4), fault: () =>
        {
            cluster.Provider("primary").Scripted.Behaviour = Behaviour.Breaks(fault);
            return Task.CompletedTask;
        });

        NobodyFailed();
        Assert.True(cluster.Provider("second").Scripted.Truth.Answered > 100);
        await AuditAsync(cluster);
    }

    [Fact]
    public async Task F29_PrimaryResetsAfterContent_EndsStreamsWithAnErrorEventAndSettlesWhatWasBilled()
    {
        var cluster = await TwoProvidersAsync();

        await WhileLoadedAsync(cluster, perSecond: 20, streams: 10, after: TimeSpan.FromSeconds(4), fault: () =>
        {
            cluster.Provider("primary").Scripted.Behaviour = Behaviour.Breaks(Fault.ResetAfterEvents, afterEvents: 3);
            return Task.CompletedTask;
        });

        Assert.NotEmpty(Log.Failed);
        Assert.All(Log.Failed, record => Assert.True(record is { Stream: true, End: CallEnd.Refused, Status: 200, Code: not null }, $"{record.End} {record.Status} {record.Said}"));
        await AuditAsync(cluster);
    }

    /// <summary>
    /// One of three that share the load, so a tenth of the requests fail first. Behind a strategy that prefers the one that fails it would be three tenths until its
    /// circuit opens, and nothing forbids them: the retry budget gives a token back for each extra attempt that is answered.
    /// </summary>
    [Fact]
    public async Task F30_30PercentOfOneOfThreeFail_CallersDoNotNoticeAndAttemptsStayUnder1Point2()
    {
        string[] names = ["primary", "second", "third"];
        var cluster = await StartAsync(Plan(silos: 2, gateways: 2) with { Providers = names, More = $"{Budgets}\n\nrouting: {{strategy: round_robin}}\n{Circuits}" });
        var (before, sent) = (0L, 0L);

        await WhileLoadedAsync(cluster, perSecond: 80, streams: 0, fault: () =>
        {
            (before, sent) = (Attempts(), Log.Records.Count);
            cluster.Provider("second").Scripted.Behaviour = Behaviour.Fails(500) with { Share = 0.3 };
            return Task.CompletedTask;
        });

        var (attempts, requests) = (Attempts() - before, Log.Records.Count - sent);
        Say(string.Create(CultureInfo.InvariantCulture, $"{attempts} attempts of {requests} requests: {(double)attempts / requests:F3}"));
        Assert.True(Log.Failed.Count() <= Log.Records.Count / 1000, Log.Failures());
        Assert.InRange(attempts, requests + 1, requests * 1.2);
        await AuditAsync(cluster);
        return;

        long Attempts() => names.Sum(name => cluster.Provider(name).Scripted.Truth.Requests);
    }

    /// <summary>The rule of the file: a fifth of the last five seconds. Once it has opened, for the default 30 s, nobody is sent there, whichever gateway and silo asks.</summary>
    [Fact]
    public async Task F30_WhereAFifthOpensTheCircuit_AtMostATwentiethGoesThereWithinTenSeconds()
    {
        string[] names = ["primary", "second", "third"];
        var cluster = await StartAsync(Plan(silos: 2, gateways: 2) with
        {
            Providers = names,
            More = $"{Budgets}\n\nrouting: {{strategy: round_robin}}\ncircuit_breaker: {{consecutive_failures: 100, error_rate_threshold: 0.2, window_seconds: 5, min_requests: 5}}",
        });
        var (opened, there, all) = (TimeSpan.Zero, 0L, 0L);

        await WhileLoadedAsync(cluster, perSecond: 80, streams: 0, after: TimeSpan.Zero, fault: async () =>
        {
            var failing = Now;
            cluster.Provider("primary").Scripted.Behaviour = Behaviour.Fails(500) with { Share = 0.3 };
            opened = await OpenedAsync(cluster) - failing;
            Assert.InRange(opened, TimeSpan.Zero, TimeSpan.FromSeconds(9.9));
            await LastsAsync(failing + TimeSpan.FromSeconds(10) - Now);
            var (thereBefore, allBefore) = (At("primary"), names.Sum(At));
            await LastsAsync(TimeSpan.FromSeconds(5));
            (there, all) = (At("primary") - thereBefore, names.Sum(At) - allBefore);
        });

        Say(string.Create(CultureInfo.InvariantCulture, $"opened after {opened.TotalSeconds:F1} s; 10 to 15 s after the first failures {there} of {all} attempts went there"));
        NobodyFailed();
        Assert.True(all > 25, $"{all} attempts only"); // 55 at the lightest load
        Assert.InRange(there, 0, all / 20);
        await AuditAsync(cluster);
        return;

        long At(string name) => cluster.Provider(name).Scripted.Truth.Requests;
    }

    [Fact]
    public async Task F31_AllProvidersFail_AttemptsStayUnder1Point2AndServiceIsBackWithin5Seconds()
    {
        var cluster = await TwoProvidersAsync();
        var (primary, second) = (cluster.Provider("primary").Scripted, cluster.Provider("second").Scripted);
        long before = 0, sent = 0, attempts = 0, requests = 0;
        var (failing, healed) = (DateTimeOffset.MaxValue, DateTimeOffset.MaxValue);

        await WhileLoadedAsync(cluster, perSecond: 100, streams: 0, fault: async () =>
        {
            (before, sent, failing) = (primary.Truth.Requests + second.Truth.Requests, Log.Records.Count, Now);
            primary.Behaviour = second.Behaviour = Behaviour.Fails(503);
            await LastsAsync(TimeSpan.FromSeconds(10));
            (attempts, requests, healed) = (primary.Truth.Requests + second.Truth.Requests - before, Log.Records.Count - sent, Now);
            primary.CalmDown();
            second.CalmDown();
        });

        var while503 = Log.Failed.Where(record => record.Due >= failing + TimeSpan.FromSeconds(2) && record.Due < healed).ToArray();
        var healthy = Log.Records.Where(record => record.Due >= healed + TimeSpan.FromSeconds(5)).ToArray();
        var quick = while503.Select(record => record.Took.TotalMilliseconds).Order().ToArray();
        Say(string.Create(CultureInfo.InvariantCulture,
            $"{attempts} attempts of {requests} requests; refusals p50 {quick[quick.Length / 2]:0} ms; {healthy.Count(record => record.End == CallEnd.Complete)} of {healthy.Length} well after 5 s"));
        Assert.InRange(attempts, 1, requests * 1.2);
        Assert.All(Log.Failed, record => Assert.True(record is { End: CallEnd.Refused, Status: 502 or 503, Code: not null }, $"{record.End} {record.Status} {record.Said}"));
        Assert.InRange(quick[quick.Length / 2], 0, 100); // 20 ms on an idle machine
        Assert.True(healthy.Count(record => record.End == CallEnd.Complete) >= healthy.Length * 0.95);
        await AuditAsync(cluster);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("Wed, 01 Jan 2099 00:00:00 GMT")]
    [InlineData("-5")]
    [InlineData("1000000000")]
    [InlineData("soon")]
    [InlineData(null)]
    public async Task F32_PrimaryRefusesWith429_RestsAndTheSecondCarriesAndNoCircuitOpens(string? retryAfter)
    {
        var cluster = await TwoProvidersAsync();
        var primary = cluster.Provider("primary").Scripted;

        await WhileLoadedAsync(cluster, perSecond: 60, streams: 0, after: TimeSpan.FromSeconds(4), fault: () =>
        {
            primary.Behaviour = Behaviour.Fails(429, retryAfter);
            return Task.CompletedTask;
        });

        NobodyFailed();
        Say($"{primary.Truth.Refused} refused by the primary");
        Assert.InRange(primary.Truth.Refused, 1, 40); // 60 a second without a rest
        var row = (await cluster.Gateways.First().GetJsonAsync("/_infermux/providers")).AsArray().Single(row => row!["name"]!.GetValue<string>() == "primary")!;
        Assert.Equal("closed", row["circuit"]!.GetValue<string>());
        await AuditAsync(cluster);
    }

    private Task<LocalCluster> TwoProvidersAsync(bool behindProxies = false) => StartAsync(Plan(silos: 2, gateways: 2) with
    {
        Providers = ["primary", "second"],
        ProvidersBehindProxies = behindProxies,
        More = $"{Budgets}\n\nrouting: {{strategy: priority}}\n{Circuits}",
    });
}
