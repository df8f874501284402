using Infermux.Core.Failures;

namespace Infermux.Core.Limits;

/// <summary>
/// Target models that a provider asked to be left alone for. Deadlines only move out. Where a rate limit names no usable time, the rest is 1 s and doubles to
/// 30 s, ± 10 %, with each hint that comes within a minute after the rest before it ended; hints while it rests are the same burst and do not double it.
/// </summary>
/// <param name="random">Spreads the return of many.</param>
public sealed class ModelRests(Random random)
{
    /// <summary>The longest rest a provider may ask for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>How long an empty account rests.</summary>
    public static readonly TimeSpan Quota = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Forgiveness = TimeSpan.FromMinutes(1);
    private readonly Dictionary<string, Entry> _models = new(StringComparer.Ordinal);

    /// <summary>Books a hint; true when the model's rest grew.</summary>
    /// <param name="targetModel">The model.</param>
    /// <param name="reason">Why.</param>
    /// <param name="retryAfter">What the provider said; null, zero or negative where it said nothing usable.</param>
    /// <param name="now">The time.</param>
    public bool Add(string targetModel, RestReason reason, TimeSpan? retryAfter, DateTimeOffset now)
    {
        Forget(now);
        var before = _models.GetValueOrDefault(targetModel);
        var after = reason switch
        {
            RestReason.QuotaExhausted => before with { Until = now + Quota },
            _ when retryAfter > TimeSpan.Zero => before with { Until = now + (retryAfter < Longest ? retryAfter.Value : Longest) },
            _ when before.Until > now => before, // the same burst
            _ => before with { Until = now + BackOff(before.Doublings), Doublings = Math.Min(before.Doublings + 1, 5) },
        };
        if (after.Until <= before.Until)
        {
            return false;
        }

        _models[targetModel] = after with { Reason = reason };
        return true;
    }

    /// <summary>Takes over a rest from before a restart.</summary>
    public void Restore(string targetModel, RestReason reason, DateTimeOffset until) => _models[targetModel] = new(until, reason, 0);

    /// <summary>The rests in force.</summary>
    public IReadOnlyList<(string TargetModel, DateTimeOffset Until, RestReason Reason)> At(DateTimeOffset now) =>
        [.. _models.Where(m => m.Value.Until > now).Select(m => (m.Key, m.Value.Until, m.Value.Reason))];

    /// <summary>Ends all of them.</summary>
    public void Clear() => _models.Clear();

    private TimeSpan BackOff(int doublings) => TimeSpan.FromSeconds(Math.Min(30, 1 << doublings) * (0.9 + (0.2 * random.NextDouble())));

    private void Forget(DateTimeOffset now)
    {
        foreach (var (model, rest) in _models)
        {
            if (now - rest.Until > Forgiveness)
            {
                _models.Remove(model);
            }
        }
    }

    private readonly record struct Entry(DateTimeOffset Until, RestReason Reason, int Doublings);
}
