using Infermux.Cluster.Audit;
using Infermux.Cluster.Load;

namespace Infermux.Cluster.Tests.Audit;

/// <summary>Each line of the auditor falls when the books are doctored, and only that one.</summary>
public sealed class EvidenceTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private static readonly AccountBook Account = new("a", Settled: 3m, Reserved: 0m, OpenHolds: 0, Excess: 0m, Estimated: 0m, Unsettled: 0m, Limit: 5m);
    private static readonly Death Kill = new(Start.AddSeconds(10), Served: true, Told: false);
    private static readonly Death Term = new(Start.AddSeconds(10), Served: true, Told: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Books_ThatBalance_HoldEveryLine(bool killed)
    {
        var report = Good(killed ? Kill : Term).Judge();
        Assert.True(report.Holds, report.ToString());
        Assert.Equal(["I4", "I5", "I5 by request", "I6", "I7", killed ? "I8" : "I9"], report.Invariants.Select(line => line.Name));
    }

    [Fact]
    public void Account_OverItsLimit_BreaksI4() => Breaks("I4", With(Account with { Limit = 2.9m }));

    [Fact]
    public void Bill_BeyondItsHold_BreaksI4() => Breaks("I4", With(Account with { Excess = 0.01m }));

    [Fact]
    public void Account_OfOtherMoneyThanTheLedger_BreaksI5() => Breaks("I5", Good(Term) with { Books = Books(Account, ledger: 2.999999999m) });

    [Fact]
    public void Account_OfOtherMoneyThanTheBill_BreaksI5() => Breaks("I5", Good(Term) with { Billed = Map(("a", 3.000000001m)) });

    [Fact]
    public void Mark_WithoutAKillOfWhatServes_BreaksI5()
    {
        var silo = new Death(Start.AddSeconds(10), Served: false, Told: false);
        var evidence = With(Account with { Unsettled = 1m }) with { Deaths = [silo], BilledByModel = null };
        Assert.Equal(["I5"], Broken(evidence));
    }

    [Fact]
    public void Row_ThatDiffersThoughItsRequestEndedWell_BreaksI5ByRequest() => Breaks("I5 by request", Differs("m-1", 1m, Account with { Unsettled = 1.5m }));

    [Fact]
    public void Row_OfARequestInFlightAtTheKill_IsExcusedWhereItIsMarked()
    {
        var report = Differs("m-2", 2m, Account with { Unsettled = 2m }).Judge();
        Assert.True(report.Holds, report.ToString());
    }

    [Fact]
    public void Row_OfARequestInFlightAtTheKill_WithoutAMark_BreaksI5ByRequest() => Breaks("I5 by request", Differs("m-2", 2m, Account with { Unsettled = 1.9m }));

    [Fact]
    public void Row_OfARequestInFlightAtTheKill_WithoutACharge_BreaksI5ByRequest()
    {
        var evidence = Differs("m-2", 2m, Account with { Unsettled = 0m });
        Breaks("I5 by request", evidence with { Books = evidence.Books with { LedgerByModel = Map(("m-1", 3m)) }, BilledByModel = Map(("m-1", 3m), ("m-2", 0.5m)) });
    }

    [Fact]
    public void Row_OfARequestCutLongAfterTheKill_BreaksI5ByRequest()
    {
        var evidence = Differs("m-2", 2m, Account with { Unsettled = 2m });
        Assert.Contains("I5 by request", Broken(evidence with { Deaths = [Kill with { At = Start.AddSeconds(50) }] }));
    }

    [Theory]
    [InlineData(10.1, true)]
    [InlineData(10.3, false)]
    public void Request_CutWhileTheKilledProcessWasGoing_IsExcusedUntilItWasGone(double sentAt, bool excused)
    {
        var cut = Record("m-2", sentAt) with { End = CallEnd.Cut, Cost = null };
        var evidence = Good(Kill with { Gone = Kill.At.AddSeconds(0.2) });
        Assert.Equal(excused ? [] : ["I8"], Broken(evidence with { Records = [.. evidence.Records, cut] }));
    }

    [Fact]
    public void Caller_ToldOfMoreThanItsAccountHas_BreaksI6() => Breaks("I6", Good(Term) with { Records = [Record("m-1", 0) with { Cost = 3.1m }] });

    [Fact]
    public void Hold_LeftOver_BreaksI7() => Breaks("I7", With(Account with { OpenHolds = 1, Reserved = 0.1m }));

    [Fact]
    public void Refusal_WhileAPartDies_BreaksI8() =>
        Breaks("I8", Good(Kill) with { Records = [Record("m-1", 9) with { End = CallEnd.Refused, Status = 503, Code = "overloaded", Cost = null }] });

    [Fact]
    public void Connection_CutAwayFromTheKill_BreaksI8() => Breaks("I8", Good(Kill) with { Records = [Record("m-1", 20) with { End = CallEnd.Cut, Cost = null }] });

    [Fact]
    public void Wait_OfMoreThan3SecondsOverTheUsual_BreaksI8() =>
        Breaks("I8", Good(Kill) with { Records = [Record("m-1", 1), Record("m-2", 9) with { Wait = TimeSpan.FromSeconds(3.2), Took = TimeSpan.FromSeconds(3.3) }] });

    [Theory]
    [InlineData(10, 12, true)]
    [InlineData(12.5, 14, false)] // began when it was over
    [InlineData(5, 8.5, false)]
    public void Wait_WhileTheStoreWasAway_IsNotJudgedAndOneBesideItIs(double from, double to, bool holds)
    {
        var evidence = Good(Kill) with
        {
            Records = [Record("m-1", 1), Record("m-2", 9) with { Wait = TimeSpan.FromSeconds(3.2), Took = TimeSpan.FromSeconds(3.3) }],
            StoreAbsences = [new Absence(Start.AddSeconds(from), Start.AddSeconds(to))],
        };
        Assert.Equal(holds ? [] : ["I8"], Broken(evidence));
    }

    [Fact]
    public void Stream_CutByAnOrderlyEnd_BreaksI9() => Breaks("I9", Good(Term) with { Records = [Record("m-1", 9) with { End = CallEnd.Cut, Cost = null }] });

    private static void Breaks(string name, Evidence evidence) => Assert.Equal([name], Broken(evidence));

    private static IEnumerable<string> Broken(Evidence evidence) => evidence.Judge().Invariants.Where(line => !line.Holds).Select(line => line.Name);

    private static Evidence With(AccountBook account) => Good(Kill) with { Books = Books(account) };

    private static Evidence Good(Death death) => new([Record("m-1", 0), Record("m-2", 12)], Books(Account), Map(("a", 3m)), [death])
    {
        BilledByModel = Map(("m-1", 1m), ("m-2", 2m)),
    };

    /// <summary>A kill, m-2 in flight at it, and one row that is not what was billed.</summary>
    private static Evidence Differs(string model, decimal charged, AccountBook account)
    {
        var ledger = Map(("m-1", 3m - charged), (model == "m-1" ? "m-2" : "m-1", 3m - charged), (model, charged));
        var billed = ledger.ToDictionary(row => row.Key, row => row.Key == model ? 0.5m : row.Value, StringComparer.Ordinal);
        return Good(Kill) with
        {
            Books = Books(account) with { LedgerByModel = ledger },
            BilledByModel = billed,
            Records = [Record("m-1", 0), Record("m-2", 9) with { End = CallEnd.Cut, Cost = null, Took = TimeSpan.FromSeconds(1) }],
        };
    }

    private static Books Books(AccountBook account, decimal ledger = 3m) => new(
        new Dictionary<string, AccountBook>(StringComparer.Ordinal) { ["a"] = account }, Map(("a", ledger)), Map(("m-1", 1m), ("m-2", 2m)));

    private static CallRecord Record(string model, double at) => new()
    {
        Caller = "a",
        Model = model,
        Stream = false,
        Due = Start.AddSeconds(at),
        End = CallEnd.Complete,
        Status = 200,
        Cost = 1m,
        Wait = TimeSpan.FromMilliseconds(50),
        Took = TimeSpan.FromMilliseconds(60),
    };

    private static Dictionary<string, decimal> Map(params (string Key, decimal Value)[] rows)
    {
        var map = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var (key, value) in rows)
        {
            map[key] = value;
        }

        return map;
    }
}
