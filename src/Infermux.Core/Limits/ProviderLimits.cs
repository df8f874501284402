using Infermux.Core.Configuration;

namespace Infermux.Core.Limits;

/// <summary>
/// The ceilings of one provider: at every admission, requests and tokens of the last 60 s and attempts in flight stay within them. An attempt reserves its
/// estimated tokens when admitted; what it really used replaces them in the same bucket once known. One thread at a time.
/// </summary>
public sealed class ProviderLimits
{
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(61);
    private readonly RollingMinute _requests = new();
    private readonly RollingMinute _tokens = new();
    private readonly InFlightCounts _inFlight = new();
    private readonly Dictionary<AdmissionKey, Reservation> _reservations = [];
    private readonly Queue<(AdmissionKey Key, DateTimeOffset At)> _ages = [];
    private readonly DateTimeOffset _learnsUntil;

    /// <summary>Ceilings that nothing was admitted under yet.</summary>
    /// <param name="learnsUntil">
    /// Until then a sixtieth of the rates is admitted (at least one request): an owner without memory does not know what the one before it admitted.
    /// </param>
    public ProviderLimits(DateTimeOffset learnsUntil) => _learnsUntil = learnsUntil;

    /// <summary>Whether the file sets any for this provider: then each attempt needs a place.</summary>
    public static bool Any(ProviderOptions provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return provider.MaxConcurrency is not null || provider.RateLimits is not { RequestsPerMinute: null, TokensPerMinute: null };
    }

    /// <summary>When a count in flight next lapses.</summary>
    public DateTimeOffset? NextLapse => _inFlight.NextLapse;

    /// <summary>Attempts in flight.</summary>
    public int InFlight(DateTimeOffset now) => _inFlight.Total(now);

    /// <summary>Requests left under the ceiling; null without one.</summary>
    public int? HeadroomRequests(RateLimitOptions rates, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(rates);
        return Headroom(rates.RequestsPerMinute, _requests, now);
    }

    /// <summary>Tokens left under the ceiling; null without one.</summary>
    public int? HeadroomTokens(RateLimitOptions rates, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(rates);
        return Headroom(rates.TokensPerMinute, _tokens, now);
    }

    /// <summary>Whether an attempt was admitted within the last minute.</summary>
    public bool Holds(AdmissionKey key) => _reservations.ContainsKey(key);

    /// <summary>Whether there is room for one more attempt of <paramref name="tokens"/>.</summary>
    public LimitVerdict Check(ProviderOptions provider, long tokens, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(provider);
        Forget(now);
        var requests = WhenRoom(provider.RateLimits.RequestsPerMinute, _requests, 1, now);
        var tokensRoom = WhenRoom(provider.RateLimits.TokensPerMinute, _tokens, tokens, now);
        if (requests > now || tokensRoom > now)
        {
            var until = requests > tokensRoom ? requests : tokensRoom;
            return new(LimitRefusal.RateLimited, until == DateTimeOffset.MaxValue ? null : until);
        }

        return provider.MaxConcurrency <= _inFlight.Total(now) ? new(LimitRefusal.MaxConcurrency, null) : default;
    }

    /// <summary>Books an attempt that goes out now.</summary>
    public void Take(AdmissionKey key, long tokens, DateTimeOffset now)
    {
        Forget(now);
        _reservations[key] = new(_requests.Add(1, now), tokens);
        _tokens.Add(tokens, now);
        _ages.Enqueue((key, now));
        _inFlight.Permit(key, now);
    }

    /// <summary>What an owner before this one had admitted <paramref name="secondsAgo"/>.</summary>
    public void Inherit(int secondsAgo, long requests, long tokens, DateTimeOffset now)
    {
        _requests.AddAgo(Math.Max(0, requests), Math.Max(0, secondsAgo), now);
        _tokens.AddAgo(Math.Max(0, tokens), Math.Max(0, secondsAgo), now);
    }

    /// <summary>An attempt used this many tokens, in place of what was reserved for it.</summary>
    public void Correct(AdmissionKey key, long tokens)
    {
        if (tokens >= 0 && _reservations.TryGetValue(key, out var held))
        {
            _tokens.Change(held.Bucket, tokens - held.Tokens);
            _reservations[key] = held with { Tokens = tokens };
        }
    }

    /// <summary>An admitted attempt was never sent: its place, request and tokens come back.</summary>
    public void Release(AdmissionKey key)
    {
        _inFlight.Release(key);
        if (_reservations.Remove(key, out var held))
        {
            _requests.Change(held.Bucket, -1);
            _tokens.Change(held.Bucket, -held.Tokens);
        }
    }

    /// <summary>A gateway's count in flight and its dispatches since the last.</summary>
    public void Report(Guid gateway, int inFlight, int dispatched, DateTimeOffset now) => _inFlight.Report(gateway, inFlight, dispatched, now);

    private DateTimeOffset WhenRoom(int? ceiling, RollingMinute window, long wanted, DateTimeOffset now)
    {
        if (ceiling is not { } limit)
        {
            return DateTimeOffset.MinValue;
        }

        if (now < _learnsUntil && window.Sum(now) + wanted > Math.Max(1, limit / 60))
        {
            return _learnsUntil;
        }

        return wanted > limit ? DateTimeOffset.MaxValue
            : window.Sum(now) + wanted <= limit ? DateTimeOffset.MinValue
            : window.WhenAtMost(limit - wanted, now);
    }

    private static int? Headroom(int? ceiling, RollingMinute window, DateTimeOffset now) =>
        ceiling is { } limit ? (int)Math.Max(0, limit - window.Sum(now)) : null;

    private void Forget(DateTimeOffset now)
    {
        while (_ages.TryPeek(out var oldest) && now - oldest.At >= Memory)
        {
            _ages.Dequeue();
            _reservations.Remove(oldest.Key);
        }
    }

    private readonly record struct Reservation(long Bucket, long Tokens);
}
