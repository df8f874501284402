namespace Infermux.Gateway.Requests;

/// <summary>Requests and errors since the start and in the last minute, for <c>/_infermux/status</c>.</summary>
internal sealed class RequestCounts(TimeProvider time)
{
    private const int Seconds = 60;
    private readonly Lock _lock = new();
    private readonly (long Second, int Requests, int Errors)[] _ring = new (long, int, int)[Seconds];
    private long _total;

    public long Total => Interlocked.Read(ref _total);

    public void Add(bool error)
    {
        Interlocked.Increment(ref _total);
        var second = Second();
        lock (_lock)
        {
            ref var slot = ref _ring[second % Seconds];
            if (slot.Second != second)
            {
                slot = (second, 0, 0);
            }

            slot.Requests++;
            slot.Errors += error ? 1 : 0;
        }
    }

    public (int Requests, int Errors) LastMinute()
    {
        var now = Second();
        lock (_lock)
        {
            var (requests, errors) = (0, 0);
            foreach (var slot in _ring)
            {
                if (slot.Second > now - Seconds)
                {
                    requests += slot.Requests;
                    errors += slot.Errors;
                }
            }

            return (requests, errors);
        }
    }

    private long Second() => time.GetUtcNow().ToUnixTimeSeconds();
}
