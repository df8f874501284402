using System.Collections.Concurrent;
using System.Globalization;

namespace Infermux.Cluster.Load;

/// <summary>What callers saw, of all their requests.</summary>
internal sealed class CallLog
{
    private readonly ConcurrentQueue<CallRecord> _records = new();

    public IReadOnlyCollection<CallRecord> Records => _records;

    public IEnumerable<CallRecord> Complete => _records.Where(record => record.End == CallEnd.Complete);

    public IEnumerable<CallRecord> Cut => _records.Where(record => record.End is CallEnd.Cut or CallEnd.Hung);

    /// <summary>What did not end well, a caller's own giving up aside.</summary>
    public IEnumerable<CallRecord> Failed => _records.Where(record => record.End is not (CallEnd.Complete or CallEnd.Cancelled));

    public void Add(CallRecord record) => _records.Enqueue(record);

    /// <summary>Ends by kind, status and code, and the waits: one line.</summary>
    public string Summary()
    {
        var ends = _records.GroupBy(record => record.End == CallEnd.Complete ? "complete" : $"{record.End} {record.Status} {record.Code}".ToLowerInvariant())
            .OrderByDescending(end => end.Count()).Select(end => string.Create(CultureInfo.InvariantCulture, $"{end.Count()} {end.Key.Trim()}"));
        var waits = Complete.Select(record => record.Wait.TotalMilliseconds).Order().ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"{_records.Count} requests: {string.Join(", ", ends)}; wait {At(0.5)}, p99 {At(0.99)}, worst {At(1)}");

        string At(double share) => waits.Length == 0
            ? "none"
            : string.Create(CultureInfo.InvariantCulture, $"{waits[(int)Math.Min(waits.Length - 1, share * waits.Length)]:0} ms");
    }

    /// <summary>The first few that failed, to be read by a person.</summary>
    public string Failures() => string.Join('\n', Failed.Take(10).Select(record => string.Create(
        CultureInfo.InvariantCulture, $"{record.Due:HH:mm:ss.fff} +{record.Took.TotalSeconds:0.0}s {record.Caller} {record.End} {record.Status} {record.Code} {record.Said}")));
}
