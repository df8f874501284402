namespace Infermux.Gateway.Requests;

/// <summary>The last 10,000 requests of this process, for <c>requests/{id}</c>; older ones make room.</summary>
internal sealed class RequestRing
{
    public const int Capacity = 10_000;
    private readonly RememberedRequest?[] _slots = new RememberedRequest?[Capacity];
    private long _next = -1;

    public void Add(RequestRecord record)
    {
        ref var slot = ref _slots[(int)(Interlocked.Increment(ref _next) % Capacity)];
        if (Volatile.Read(ref slot) is null)
        {
            Interlocked.CompareExchange(ref slot, new RememberedRequest(), null); // two may come, one round apart
        }

        lock (slot!)
        {
            slot.Take(record);
        }
    }

    /// <summary>The newest with this id, as <paramref name="tell"/> puts it. Looks at each: an index would cost every request for the sake of a rare question.</summary>
    public T? Find<T>(string requestId, Func<RememberedRequest, T> tell)
        where T : class =>
        Newest(request => string.Equals(request.RequestId, requestId, StringComparison.Ordinal) ? tell(request) : null).FirstOrDefault();

    /// <summary>The newest first, as <paramref name="tell"/> puts them.</summary>
    public IEnumerable<T> Latest<T>(int count, Func<RememberedRequest, T> tell)
        where T : class => Newest(tell).Take(count);

    // A slot is another request's a moment later: whatever is told of it is told under its lock.
    private IEnumerable<T> Newest<T>(Func<RememberedRequest, T?> tell)
        where T : class
    {
        var newest = Interlocked.Read(ref _next);
        for (var i = newest; i >= 0 && i > newest - Capacity; i--)
        {
            if (Volatile.Read(ref _slots[(int)(i % Capacity)]) is { } slot && Told(slot, tell) is { } told)
            {
                yield return told;
            }
        }
    }

    private static T? Told<T>(RememberedRequest slot, Func<RememberedRequest, T?> tell)
        where T : class
    {
        lock (slot)
        {
            return slot.RequestId.Length > 0 ? tell(slot) : null;
        }
    }
}
