using System.Globalization;
using System.Text;
using System.Text.Json;
using Infermux.Grains.Contracts.Budgets;

namespace Infermux.Gateway.Money.Journal;

/// <summary>What a journal directory holds: its segments, and the settlements in them that nobody acknowledged.</summary>
internal sealed partial class JournalReading
{
    private readonly Dictionary<(Guid Incarnation, string Account), SortedDictionary<long, PendingSettle>> _pending = [];
    private readonly ILogger _logger;

    private JournalReading(ILogger logger) => _logger = logger;

    /// <summary>Oldest first.</summary>
    public List<JournalSegment> Segments { get; } = [];

    /// <summary>What is left to send.</summary>
    public IReadOnlyList<JournaledAccount> Accounts { get; private set; } = [];

    /// <summary>Reads all segments in order.</summary>
    public static JournalReading Of(string directory, ILogger logger)
    {
        var reading = new JournalReading(logger);
        foreach (var segment in Directory.EnumerateFiles(directory, "*" + JournalSegment.Suffix).Select(SegmentAt).OrderBy(found => found.Sequence))
        {
            reading.Read(segment);
        }

        reading.Conclude();
        return reading;
    }

    private static JournalSegment SegmentAt(string path) =>
        long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? new JournalSegment(path, sequence)
            : throw new JournalException($"'{path}' is not named like a journal segment (digits{JournalSegment.Suffix}). Give it its name back, or move it away.");

    private void Read(JournalSegment segment)
    {
        Segments.Add(segment);
        ReadOnlySpan<byte> file = File.ReadAllBytes(segment.Path);
        var at = 0;
        while (JournalRecord.TryRead(file[at..], out var record))
        {
            Apply(record, segment);
            at += record.Size;
        }

        segment.Length = file.Length;
        if (at < file.Length)
        {
            LogTorn(_logger, segment.Path, at, file.Length - at);
        }
    }

    private void Apply(in JournalRecord record, JournalSegment segment)
    {
        switch (record.Kind)
        {
            case JournalRecordKind.Settle:
                var settlement = Parse(record, segment);
                PendingOf(record.Incarnation, settlement.Account)[record.Number] =
                    new PendingSettle(record.Number, settlement, new JournalPlace(segment, record.Size));
                break;
            case JournalRecordKind.Acknowledge:
                Drop(PendingOf(record.Incarnation, Encoding.UTF8.GetString(record.Body)), record.Number);
                break;
            default:
                throw new JournalException(
                    $"'{segment.Path}' holds a record of kind {(byte)record.Kind}, which this version does not know: a newer one wrote it. "
                    + "Start that version once so that it sends its settlements, or move the file away and book them by hand.");
        }
    }

    private static Settlement Parse(in JournalRecord record, JournalSegment segment)
    {
        try
        {
            return JsonSerializer.Deserialize(record.Body, JournalJson.Default.Settlement)
                ?? throw new JsonException("null is not a settlement.");
        }
        catch (JsonException broken)
        {
            throw new JournalException(
                $"'{segment.Path}' holds a settlement this version cannot read: {broken.Message} "
                + "Start the version that wrote it once, or move the file away and book it by hand.", broken);
        }
    }

    private static void Drop(SortedDictionary<long, PendingSettle> pending, long upTo)
    {
        while (pending.Count > 0 && pending.First().Key <= upTo)
        {
            pending.Remove(pending.First().Key);
        }
    }

    private SortedDictionary<long, PendingSettle> PendingOf(Guid incarnation, string account)
    {
        if (!_pending.TryGetValue((incarnation, account), out var pending))
        {
            _pending[(incarnation, account)] = pending = [];
        }

        return pending;
    }

    private void Conclude()
    {
        Accounts =
        [
            .. _pending.Where(entry => entry.Value.Count > 0)
                .Select(entry => new JournaledAccount(entry.Key.Incarnation, entry.Key.Account, [.. entry.Value.Values])),
        ];
        foreach (var (segment, bytes) in Accounts.SelectMany(account => account.Settlements).Select(pending => pending.Place))
        {
            segment!.Live++;
            segment.LiveBytes += bytes;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The settlement journal {Path} was cut short by a crash: {Kept} bytes are read, {Lost} are not.")]
    private static partial void LogTorn(ILogger logger, string path, int kept, int lost);
}
