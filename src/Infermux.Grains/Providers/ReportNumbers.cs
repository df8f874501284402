namespace Infermux.Grains.Providers;

/// <summary>The last report of each gateway, so that a repeated one changes nothing. A gateway that was silent for ten minutes is gone.</summary>
internal sealed class ReportNumbers
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);
    private readonly Dictionary<Guid, (long Number, DateTimeOffset At)> _last = [];

    /// <summary>Whether a later report of this gateway has been booked.</summary>
    public bool IsOld(Guid gateway, long number) => _last.TryGetValue(gateway, out var last) && number < last.Number;

    /// <summary>Whether this report is new; from then on it is not.</summary>
    public bool IsNew(Guid gateway, long number, DateTimeOffset now)
    {
        if (_last.TryGetValue(gateway, out var last) && number <= last.Number)
        {
            return false;
        }

        if (last.Number == 0)
        {
            Forget(now);
        }

        _last[gateway] = (number, now);
        return true;
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (gateway, (_, at)) in _last)
        {
            if (now - at > Memory)
            {
                _last.Remove(gateway);
            }
        }
    }
}
