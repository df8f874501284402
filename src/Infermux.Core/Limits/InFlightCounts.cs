namespace Infermux.Core.Limits;

/// <summary>
/// Attempts in flight over the cluster: each gateway's last absolute count, which a gateway that fell silent loses after 3 s, and permits that no count holds
/// yet, which lapse after 5 s. Errs on the side of too many: a permit leaves only when its gateway's reports account for a dispatch.
/// </summary>
public sealed class InFlightCounts
{
    /// <summary>How long a gateway's count outlives its last report.</summary>
    public static readonly TimeSpan CountLife = TimeSpan.FromSeconds(3);

    /// <summary>How long a permit waits for the report that counts it.</summary>
    public static readonly TimeSpan PermitLife = TimeSpan.FromSeconds(5);

    private readonly Dictionary<Guid, (int Count, DateTimeOffset At)> _gateways = [];
    private readonly LinkedList<(AdmissionKey Key, DateTimeOffset At)> _permits = [];
    private readonly Dictionary<AdmissionKey, LinkedListNode<(AdmissionKey Key, DateTimeOffset At)>> _byKey = [];

    /// <summary>Counts and permits.</summary>
    public int Total(DateTimeOffset now)
    {
        Drop(now);
        return _gateways.Values.Sum(g => g.Count) + _permits.Count;
    }

    /// <summary>When the next count or permit lapses; null where there is none.</summary>
    public DateTimeOffset? NextLapse
    {
        get
        {
            DateTimeOffset? next = _permits.First?.Value.At + PermitLife;
            foreach (var (_, at) in _gateways.Values)
            {
                next = !(next <= at + CountLife) ? at + CountLife : next;
            }

            return next;
        }
    }

    /// <summary>A permit goes out.</summary>
    public void Permit(AdmissionKey key, DateTimeOffset now) => _byKey[key] = _permits.AddLast((key, now));

    /// <summary>A permit comes back unused.</summary>
    public void Release(AdmissionKey key)
    {
        if (_byKey.Remove(key, out var node))
        {
            _permits.Remove(node);
        }
    }

    /// <summary>A gateway's count, and how many attempts it dispatched since its last: as many of the oldest permits are counted from now on.</summary>
    public void Report(Guid gateway, int inFlight, int dispatched, DateTimeOffset now)
    {
        Drop(now);
        if (inFlight > 0)
        {
            _gateways[gateway] = (inFlight, now);
        }
        else
        {
            _gateways.Remove(gateway);
        }

        for (; dispatched > 0 && _permits.First is { } oldest; dispatched--)
        {
            Release(oldest.Value.Key);
        }
    }

    private void Drop(DateTimeOffset now)
    {
        while (_permits.First is { } oldest && now - oldest.Value.At >= PermitLife)
        {
            Release(oldest.Value.Key);
        }

        foreach (var (gateway, (_, at)) in _gateways)
        {
            if (now - at >= CountLife)
            {
                _gateways.Remove(gateway);
            }
        }
    }
}
