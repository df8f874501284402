using System.Globalization;
using Infermux.Cluster.Load;
using Infermux.Testing;

namespace Infermux.Cluster.Tests.Faults;

/// <summary>The end of a day (F54): all clocks stand shortly before midnight. What a request is held at is what it is billed.</summary>
[Collection(OneAtATime.Name)]
public sealed class PeriodEndFaultTests : FaultTests
{
    private const int Limit = 100; // requests of a day
    private const int Streams = 8;
    private const int Tokens = 20;
    private const decimal OutputPrice = 30m; // USD per million; the prompt is free
    private const decimal Each = Tokens * OutputPrice / 1_000_000m;

    /// <summary>From before the start of the processes to the end of the day: they start, compile, and spend the day's money.</summary>
    private static readonly TimeSpan LastOfTheDay = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task F54_DayEndsWithOpenStreamsUnderAStampede_EachDayIsSpentToItsLimitAndTheLedgerIsTheBill()
    {
        var midnight = new DateTimeOffset((Now + LastOfTheDay).UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
        var ahead = TimeSpan.FromSeconds(Math.Floor((midnight - Now - LastOfTheDay).TotalSeconds));
        var cluster = await StartAsync(Plan(silos: 1, gateways: 3) with
        {
            ClockAhead = ahead,
            Price = (0m, OutputPrice),
            More = string.Create(CultureInfo.InvariantCulture, $$"""
                budgets:
                  callers: [{caller: alice, limit_usd: {{Limit * Each}}, action: hard_stop, period: day}]
                """),
        });
        var primary = cluster.Provider("primary").Scripted;
        using var callers = new Callers(cluster.Address, TimeProvider.System);
        await new Stampede(callers, new CallLog(), TimeProvider.System).RunAsync(Calls("warm", 100), parallel: 8, CancellationToken.None);
        var warm = primary.Truth;

        await new Stampede(callers, Log, TimeProvider.System).RunAsync(Calls("alice", Limit - Streams), parallel: 32, CancellationToken.None);
        var evening = midnight - ahead - TimeSpan.FromSeconds(10) - Now;
        Assert.True(evening > TimeSpan.Zero, $"the day was over before its money was spent: this machine needs more than {LastOfTheDay.TotalSeconds} s for that");
        await LastsAsync(evening);
        primary.Behaviour = Behaviour.PacedStream(Tokens, TimeSpan.FromSeconds(1));
        var streams = Calls("alice", Streams, stream: true).Select(call => callers.CallAsync(call, CancellationToken.None)).ToArray();
        await primary.WaitForAsync(truth => truth.Requests >= warm.Requests + Limit, TestContext.Current.CancellationToken);
        primary.CalmDown(); // the streams go on as they began
        var stampede = new Stampede(callers, Log, TimeProvider.System);
        await stampede.RunAsync(Calls("alice", Limit + 64), parallel: 64, CancellationToken.None); // refused until midnight: streams hold what is left
        var gone = Now + ahead;
        foreach (var stream in await Task.WhenAll(streams))
        {
            Log.Add(stream);
        }

        Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{Log.Summary()}; {stampede.Repeated.Count} refusals repeated; the new day's money was gone {(gone - midnight).TotalSeconds:0.0} s after midnight"));
        Assert.True(gone > midnight, "the day did not end under the stampede");
        Assert.NotEmpty(stampede.Repeated);
        Assert.Equal(Limit, stampede.Served);
        Assert.Equal(2 * Limit, Log.Complete.Count());
        Assert.All(Log.Failed, record => Assert.True(record is { Status: 429, Code: "budget_exceeded", Held: 0m }, $"{record.Status} {record.Code} {record.Said}"));
        Assert.Equal(2 * Limit * Each, primary.Truth.Cost - warm.Cost);
        var (asked, told) = (cluster.Gateways.First(), "");
        await Eventually.HoldsAsync(
            async () =>
            {
                var account = await asked.GetJsonAsync("/_infermux/budgets/alice");
                var hours = (await asked.GetJsonAsync("/_infermux/costs/timeseries?hours=2&bucket=1h&by=caller"))["buckets"]!.AsArray();
                var ledger = hours.Sum(hour => hour!["by"]?["alice"]?.GetValue<decimal>() ?? 0m);
                told = $"{account.ToJsonString()} {hours.ToJsonString()}";
                return account["open_holds"]!.GetValue<int>() == 0 && account["settled"]!.GetValue<decimal>() == Limit * Each && ledger == 2 * Limit * Each;
            },
            TimeSpan.FromSeconds(20),
            () => $"the new day's account has {Limit * Each} USD, the ledger of both days {2 * Limit * Each}: {told}");
    }

    private static IEnumerable<Call> Calls(string caller, int count, bool stream = false) =>
        Enumerable.Repeat(new Call(caller, "gpt-4o-mini", stream, Words: Tokens, MaxTokens: Tokens), count);
}
