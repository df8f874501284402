using System.Collections.Concurrent;

namespace Infermux.Gateway.Costs;

/// <summary>Answers again for a second with what was computed, or is being computed, for the same question. Failures are not kept.</summary>
internal sealed class ReportCache(TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (long At, Task Report)> _entries = new(StringComparer.Ordinal);

    public async Task<T> GetAsync<T>(string question, Func<Task<T>> compute)
    {
        if (_entries.TryGetValue(question, out var entry) && !IsOver(entry))
        {
            return await (Task<T>)entry.Report;
        }

        Forget();
        var report = compute();
        _entries[question] = (time.GetTimestamp(), report);
        return await report;
    }

    private bool IsOver((long At, Task Report) entry) =>
        entry.Report.IsFaulted || entry.Report.IsCanceled || (entry.Report.IsCompleted && time.GetElapsedTime(entry.At) >= Fresh);

    // Callers' names and timeseries make questions without end.
    private void Forget()
    {
        foreach (var entry in _entries)
        {
            if (IsOver(entry.Value))
            {
                _entries.TryRemove(entry);
            }
        }
    }
}
