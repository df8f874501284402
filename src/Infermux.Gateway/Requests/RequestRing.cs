using System.Collections.Concurrent;

namespace Infermux.Gateway.Requests;

/// <summary>The last 10,000 requests of this process, for <c>requests/{id}</c>; older ones make room.</summary>
internal sealed class RequestRing
{
    public const int Capacity = 10_000;
    private readonly RequestRecord?[] _slots = new RequestRecord?[Capacity];
    private readonly ConcurrentDictionary<string, RequestRecord> _byId = new(StringComparer.Ordinal);
    private long _next = -1;

    public void Add(RequestRecord record)
    {
        var slot = (int)(Interlocked.Increment(ref _next) % Capacity);
        var old = Interlocked.Exchange(ref _slots[slot], record);
        _byId[record.RequestId] = record;
        if (old is not null)
        {
            // Only the same record: a client may have used its id again.
            _byId.TryRemove(new KeyValuePair<string, RequestRecord>(old.RequestId, old));
        }
    }

    public RequestRecord? Find(string requestId) => _byId.GetValueOrDefault(requestId);

    /// <summary>The newest first.</summary>
    public IEnumerable<RequestRecord> Latest(int count)
    {
        var newest = Interlocked.Read(ref _next);
        for (var i = newest; i >= 0 && i > newest - Math.Min(count, Capacity); i--)
        {
            if (Volatile.Read(ref _slots[(int)(i % Capacity)]) is { } record)
            {
                yield return record;
            }
        }
    }
}
