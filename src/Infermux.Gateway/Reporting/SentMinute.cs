using Infermux.Core.Limits;
using Infermux.Grains.Contracts.Providers;

namespace Infermux.Gateway.Reporting;

/// <summary>
/// What this gateway sent to a limited provider within the last minute, for an owner that has no memory of it. Tokens used beyond what was reserved are booked
/// when they are known; what was used less is not taken off, because its second is not known any more: better too much than too little. Not safe for threads.
/// </summary>
internal sealed class SentMinute
{
    private readonly RollingMinute _requests = new();
    private readonly RollingMinute _tokens = new();

    public void Sent(long tokens, DateTimeOffset now)
    {
        _requests.Add(1, now);
        _tokens.Add(tokens, now);
    }

    public void UsedBeyond(long tokens, DateTimeOffset now) => _tokens.Add(Math.Max(0, tokens), now);

    public bool IsEmpty(DateTimeOffset now) => _requests.Sum(now) == 0 && _tokens.Sum(now) == 0;

    public IReadOnlyList<AdmittedSecond> Tell(DateTimeOffset now)
    {
        var tokens = _tokens.Seconds(now).ToDictionary(static second => second.Ago, static second => second.Amount);
        var requests = _requests.Seconds(now).ToDictionary(static second => second.Ago, static second => second.Amount);
        return [.. requests.Keys.Union(tokens.Keys).Select(ago => new AdmittedSecond(ago, requests.GetValueOrDefault(ago), tokens.GetValueOrDefault(ago)))];
    }
}
