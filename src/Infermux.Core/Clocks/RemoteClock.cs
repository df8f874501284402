namespace Infermux.Core.Clocks;

/// <summary>
/// What the clock of another process shows, as its answers told. An answer's time lies between question and answer, so the sample of the shortest round trip is
/// the sharpest: it is kept until it ages, or until an answer contradicts it, which means that the clock was set or another process answers. Reckoned on this
/// process's uptime, so that setting our own clock changes nothing.
/// </summary>
/// <param name="Told">What the clock showed.</param>
/// <param name="At">The uptime at which it did, to within half the round trip.</param>
/// <param name="RoundTrip">How long that answer took.</param>
public sealed record RemoteClock(DateTimeOffset Told, TimeSpan At, TimeSpan RoundTrip)
{
    /// <summary>An answer that took longer says too little. 2 s: twice it is still less than a not-after lies ahead.</summary>
    public static TimeSpan LongestRoundTrip { get; } = TimeSpan.FromSeconds(2);

    /// <summary>After this a sample yields to any newer one, since clocks drift. 30 s.</summary>
    public static TimeSpan KeptFor { get; } = TimeSpan.FromSeconds(30);

    /// <summary>What it shows at an uptime.</summary>
    public DateTimeOffset Now(TimeSpan uptime) => Told + (uptime - At);

    /// <summary>What is known after an answer; the same object where the answer taught nothing.</summary>
    /// <param name="known">What was known before; null for nothing.</param>
    /// <param name="told">The clock in the answer.</param>
    /// <param name="asked">The uptime of the question.</param>
    /// <param name="answered">The uptime of the answer.</param>
    public static RemoteClock? Hear(RemoteClock? known, DateTimeOffset told, TimeSpan asked, TimeSpan answered)
    {
        var roundTrip = answered - asked;
        if (roundTrip > LongestRoundTrip)
        {
            return known;
        }

        if (known is not null && roundTrip >= known.RoundTrip && answered - known.At < KeptFor && !known.IsContradictedBy(told, asked, answered))
        {
            return known;
        }

        return new(told, asked + (roundTrip / 2), roundTrip);
    }

    private bool IsContradictedBy(DateTimeOffset told, TimeSpan asked, TimeSpan answered)
    {
        var mayBeOff = (RoundTrip / 2) + TimeSpan.FromMilliseconds(50); // clocks are slewed a little at times
        return told < Now(asked) - mayBeOff || told > Now(answered) + mayBeOff;
    }
}
