using Infermux.Core.Limits;
using Infermux.Grains.Contracts.Providers;

namespace Infermux.Grains.Providers;

/// <summary>Answers given in the last minute, so that a repeated call gets the first one again, and one that comes after its release is refused.</summary>
internal sealed class Admissions
{
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(61);
    private readonly Dictionary<AdmissionKey, Admission> _given = [];
    private readonly Queue<(AdmissionKey Key, DateTimeOffset At)> _ages = [];

    public Admission? Given(AdmissionKey key, DateTimeOffset now)
    {
        while (_ages.TryPeek(out var oldest) && now - oldest.At >= Memory)
        {
            _ages.Dequeue();
            _given.Remove(oldest.Key);
        }

        return _given.GetValueOrDefault(key);
    }

    public void Remember(AdmissionKey key, Admission admission, DateTimeOffset now)
    {
        if (!_given.ContainsKey(key))
        {
            _ages.Enqueue((key, now));
        }

        _given[key] = admission;
    }
}
