using System.Text.Json;
using CsCheck;
using Infermux.Gateway.Money;
using Infermux.Gateway.Money.Journal;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Infermux.Gateway.Tests.Money;

public class FileJournalTests
{
    private static readonly Gen<string> Names = Gen.OneOf("team-a", "team-b", "größe / { } \u2028", "*overflow");

    private static readonly Gen<Settlement> Settlements = Gen.Select(Names, Gen.Decimal, Gen.Long, Gen.String).Select((account, cost, ticks, model) =>
        Billed.One(account, cost, Encodable(model)) with { BeganAt = new DateTimeOffset(Math.Abs(ticks % DateTime.MaxValue.Ticks), TimeSpan.Zero) });

    [Fact]
    public void Journal_AnySettlements_ComesBackDigitForDigit() => Settlements.List[0, 20].Sample(
        settlements =>
        {
            using var folder = new TemporaryFolder();
            using (var journal = Open(folder))
            {
                Write(journal, settlements);
            }

            using var again = Open(folder);
            var replayed = again.Replay().ToDictionary(account => account.Account, StringComparer.Ordinal);
            foreach (var account in settlements.GroupBy(settlement => settlement.Account, StringComparer.Ordinal))
            {
                Assert.Equal(Text(account), Text(replayed[account.Key].Settlements.Select(pending => pending.Settlement)));
                Assert.Equal(Enumerable.Range(1, account.Count()).Select(number => (long)number), replayed[account.Key].Settlements.Select(pending => pending.Number));
            }
        },
        iter: 60);

    [Fact]
    public void Journal_CutAnywhere_LosesOnlyTheLastRecords() => Gen.Select(Settlements.List[1, 8], Gen.Double.Unit).Sample(
        (settlements, share) =>
        {
            using var folder = new TemporaryFolder();
            using var journal = Open(folder);
            var ends = new List<long>();
            foreach (var (settlement, index) in settlements.Select((settlement, index) => (settlement with { Account = "team-a" }, index)))
            {
                journal.Append(journal.Incarnation, index + 1, settlement);
                ends.Add(LengthOf(folder));
            }

            using var torn = folder.Snapshot();
            var cut = (long)(share * ends[^1]);
            using (var file = File.OpenWrite(Directory.GetFiles(torn.Path).Single()))
            {
                file.SetLength(cut);
            }

            using var again = Open(torn);
            var whole = ends.Count(end => end <= cut);
            Assert.Equal(
                Enumerable.Range(1, whole).Select(number => (long)number),
                again.Replay().SelectMany(account => account.Settlements).Select(pending => pending.Number));
        },
        iter: 150);

    [Fact]
    public void Journal_AnyByteFlipped_LosesThatRecordAndThoseAfterItInItsFile() => Gen.Select(Gen.Int[1, 6], Gen.Double.Unit, Gen.Int[0, 7]).Sample(
        (count, share, bit) =>
        {
            using var folder = new TemporaryFolder();
            using var journal = Open(folder);
            var ends = new List<long>();
            for (var number = 1; number <= count; number++)
            {
                journal.Append(journal.Incarnation, number, Billed.One());
                ends.Add(LengthOf(folder));
            }

            using var damaged = folder.Snapshot();
            var path = Directory.GetFiles(damaged.Path).Single();
            var bytes = File.ReadAllBytes(path);
            var at = (int)(share * (bytes.Length - 1));
            bytes[at] ^= (byte)(1 << bit);
            File.WriteAllBytes(path, bytes);

            using var again = Open(damaged);
            Assert.Equal(ends.Count(end => end <= at), again.Replay().Sum(account => account.Settlements.Count));
        },
        iter: 150);

    [Fact]
    public void Journal_EverythingAcknowledged_LeavesNoSegmentBehind()
    {
        using var folder = new TemporaryFolder();
        using (var journal = Open(folder, segmentBytes: 1000))
        {
            var queue = new SettleQueue("team-a", journal);
            for (var count = 0; count < 20; count++)
            {
                queue.Add(Billed.One());
            }

            Assert.True(SegmentsIn(folder).Length > 5);
            Assert.Equal(20, queue.Acknowledge(20));
            Assert.Single(SegmentsIn(folder));
            Assert.Equal(0, journal.Unacknowledged);
        }

        Assert.Empty(SegmentsIn(folder));
    }

    [Fact]
    public void Journal_PartlyAcknowledged_ReplaysTheRestWithItsOldIncarnationAndNumbers()
    {
        using var folder = new TemporaryFolder();
        using var journal = Open(folder, segmentBytes: 1000);
        var queue = new SettleQueue("team-a", journal);
        for (var count = 0; count < 20; count++)
        {
            queue.Add(Billed.One());
        }

        queue.Acknowledge(13);

        using var killed = folder.Snapshot();
        using var again = Open(killed);
        var account = Assert.Single(again.Replay());
        Assert.Equal(journal.Incarnation, account.Incarnation);
        Assert.NotEqual(journal.Incarnation, again.Incarnation);
        Assert.Equal([14, 15, 16, 17, 18, 19, 20], account.Settlements.Select(pending => pending.Number));
    }

    [Fact]
    public void Journal_OneSilentAccountAmongBusyOnes_StaysSmall()
    {
        using var folder = new TemporaryFolder();
        using var journal = Open(folder, segmentBytes: 10_000);
        var silent = new SettleQueue("silent", journal);
        silent.Add(Billed.One("silent"));
        var busy = new SettleQueue("busy", journal);
        for (var number = 1; number <= 2000; number++)
        {
            busy.Add(Billed.One("busy"));
            busy.Acknowledge(number);
            while (journal.Wasteful() is { } segment)
            {
                silent.Rewrite(segment);
                busy.Rewrite(segment);
            }
        }

        Assert.True(SegmentsIn(folder).Length <= 6, $"{SegmentsIn(folder).Length} segments");
        using var killed = folder.Snapshot();
        using var again = Open(killed);
        Assert.Equal("silent", Assert.Single(again.Replay()).Account);
    }

    [Fact]
    public void Open_SameDirectoryTwice_IsRefusedWithTheMend()
    {
        using var folder = new TemporaryFolder();
        using var journal = Open(folder);
        var refused = Assert.Throws<JournalException>(() => Open(folder));
        Assert.Contains("cluster.data_dir", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_RecordOfANewerVersion_IsRefusedRatherThanForgotten()
    {
        using var folder = new TemporaryFolder();
        using var buffer = new JournalBuffer();
        buffer.Start((JournalRecordKind)9, Guid.NewGuid(), 1);
        File.WriteAllBytes(Path.Combine(folder.Path, JournalSegment.NameOf(1)), buffer.Finish());
        var refused = Assert.Throws<JournalException>(() => Open(folder));
        Assert.Contains("newer", refused.Message, StringComparison.Ordinal);
    }

    private static FileJournal Open(TemporaryFolder folder, int segmentBytes = FileJournal.SegmentBytes) =>
        FileJournal.Open(folder.Path, NullLogger.Instance, segmentBytes);

    private static void Write(FileJournal journal, IEnumerable<Settlement> settlements)
    {
        var numbers = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var settlement in settlements)
        {
            numbers[settlement.Account] = numbers.GetValueOrDefault(settlement.Account) + 1;
            journal.Append(journal.Incarnation, numbers[settlement.Account], settlement);
        }
    }

    private static string[] SegmentsIn(TemporaryFolder folder) => Directory.GetFiles(folder.Path, "*" + JournalSegment.Suffix);

    private static long LengthOf(TemporaryFolder folder) => SegmentsIn(folder).Sum(path => new FileInfo(path).Length);

    // Half a surrogate pair cannot be UTF-8, and no header or JSON name can carry one here.
    private static string Encodable(string text) => string.Concat(text.Where(unit => !char.IsSurrogate(unit)));

    // Records compare their lists by reference, so tests compare what is written of them, scale of decimals included.
    private static string Text(IEnumerable<Settlement> settlements) => JsonSerializer.Serialize(settlements);
}
