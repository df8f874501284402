using System.Collections.Concurrent;

namespace Infermux.Cluster.Load;

/// <summary>
/// Many at once for one caller until its money is gone. A refusal is repeated as an SDK would: 503 always, and 429 while something is held, since what is
/// held may come back. What a dying process cut is not repeated, so that each request goes to a provider once.
/// </summary>
internal sealed class Stampede(Callers callers, CallLog log, TimeProvider time)
{
    /// <summary>Between a refusal and its repeat.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);

    private readonly ConcurrentQueue<CallRecord> _repeated = new();
    private int _served;

    /// <summary>Refusals that were repeated.</summary>
    public IReadOnlyCollection<CallRecord> Repeated => _repeated;

    /// <summary>Requests answered to their end so far.</summary>
    public int Served => Volatile.Read(ref _served);

    /// <summary>Sends <paramref name="calls"/>, so many at once; returns when each has ended for good.</summary>
    public async Task RunAsync(IEnumerable<Call> calls, int parallel, CancellationToken givingUp)
    {
        var left = new ConcurrentQueue<Call>(calls);
        await Task.WhenAll(Enumerable.Range(0, parallel).Select(_ => WorkAsync(left, givingUp)));
    }

    private async Task WorkAsync(ConcurrentQueue<Call> left, CancellationToken givingUp)
    {
        while (left.TryDequeue(out var call))
        {
            var record = await callers.CallAsync(call, givingUp);
            while (MayBeRepeated(record) && !givingUp.IsCancellationRequested)
            {
                _repeated.Enqueue(record);
                await Task.Delay(Pause, time, CancellationToken.None);
                record = await callers.CallAsync(call, givingUp);
            }

            log.Add(record);
            _ = record.End == CallEnd.Complete ? Interlocked.Increment(ref _served) : 0;
        }
    }

    private static bool MayBeRepeated(CallRecord record) =>
        record is { End: CallEnd.Refused, Status: 503 } or { End: CallEnd.Refused, Status: 429, Code: "budget_exceeded", Held: > 0 };
}
