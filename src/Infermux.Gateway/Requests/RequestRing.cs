namespace Infermux.Gateway.Requests;

/// <summary>The last 10,000 requests of this process, for <c>requests/{id}</c>; older ones make room.</summary>
internal sealed class RequestRing
{
    public const int Capacity = 10_000;
    private readonly RequestRecord?[] _slots = new RequestRecord?[Capacity];
    private long _next = -1;

    public void Add(RequestRecord record)
    {
        var slot = (int)(Interlocked.Increment(ref _next) % Capacity);
        Volatile.Write(ref _slots[slot], record);
    }

    /// <summary>The newest with this id. Looks at each: an index would cost every request for the sake of a rare question.</summary>
    public RequestRecord? Find(string requestId) =>
        Latest(Capacity).FirstOrDefault(record => string.Equals(record.RequestId, requestId, StringComparison.Ordinal));

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
