using Infermux.Core.Configuration;

namespace Infermux.Core.Circuits;

/// <summary>
/// Whether one provider may receive traffic. Pure: an event and the time go in, the next state comes out. The generation rises with each change of
/// state, and results count only under the generation they were admitted under, so a slow answer from before a trip neither lengthens nor ends it.
/// </summary>
/// <param name="Generation">Rises with each transition.</param>
public abstract record Circuit(long Generation)
{
    /// <summary>Traffic flows.</summary>
    public sealed record Closed(long Generation) : Circuit(Generation);

    /// <summary>Traffic is stopped.</summary>
    /// <param name="Generation">Rises with each transition.</param>
    /// <param name="Since">When the outage began.</param>
    /// <param name="Until">When the next probe may go out; null while held by hand.</param>
    /// <param name="Trips">Trips in a row: 1 plus the probes that failed.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Open(long Generation, DateTimeOffset Since, DateTimeOffset? Until, int Trips, OpenReason Reason) : Circuit(Generation);

    /// <summary>On trial.</summary>
    /// <param name="Generation">Rises with each transition.</param>
    /// <param name="Since">When the outage began.</param>
    /// <param name="Trips">Trips in a row: 1 plus the probes that failed.</param>
    /// <param name="Reason">Why it had opened.</param>
    /// <param name="Probe">The probe that is out; null where the permit is free.</param>
    public sealed record HalfOpen(long Generation, DateTimeOffset Since, int Trips, OpenReason Reason, Probe? Probe) : Circuit(Generation);

    /// <summary>The state after <paramref name="happened"/> at <paramref name="now"/>.</summary>
    public Circuit After(CircuitEvent happened, DateTimeOffset now, CircuitOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return (At(now, options), happened) switch
        {
            (Closed c, CircuitEvent.Tripped t) => new Open(c.Generation + 1, now, now + options.OpenFor(1), 1, t.Reason),
            (HalfOpen { Probe: null } h, CircuitEvent.ProbeWanted w) => h with { Probe = new Probe(w.Permit, now + w.Life) },
            (HalfOpen h, CircuitEvent.ProbeEnded e) when h.Probe?.Permit == e.Permit => e.Outcome switch
            {
                Outcome.Success or Outcome.Neutral => new Closed(h.Generation + 1),
                Outcome.Cancelled => h with { Probe = null }, // nobody's fault: the permit goes to the next one
                _ => Reopened(h, now, h.Trips == int.MaxValue ? h.Trips : h.Trips + 1, OpenReason.ProbeFailed, options),
            },
            (var any, CircuitEvent.OpenedByHand o) =>
                new Open(any.Generation + 1, OpenSince(any) ?? now, o.Hold ? null : now + options.OpenFor(1), 1, OpenReason.Manual),
            (var any, CircuitEvent.ClosedByHand) => new Closed(any.Generation + 1),
            (var any, _) => any, // a result of another generation or permit, or a wish that cannot be met now
        };
    }

    /// <summary>The state that time alone leads to: open to half-open when its time has come, half-open back to open when nobody reported the probe.</summary>
    public Circuit At(DateTimeOffset now, CircuitOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return this switch
        {
            Open { Until: { } until } o when until <= now => new HalfOpen(o.Generation + 1, o.Since, o.Trips, o.Reason, null),
            // Without a further step: a lost report says nothing of the provider. It is open from the moment the permit lapsed, not from when it was noticed.
            HalfOpen { Probe: { } probe } h when probe.Ends <= now => Reopened(h, probe.Ends, h.Trips, h.Reason, options).At(now, options),
            _ => this,
        };
    }

    /// <summary>When time alone will next change it; null where it will not.</summary>
    public DateTimeOffset? NextChange => this switch
    {
        Open o => o.Until,
        HalfOpen h => h.Probe?.Ends,
        _ => null,
    };

    private static Open Reopened(HalfOpen h, DateTimeOffset at, int trips, OpenReason reason, CircuitOptions options) =>
        new(h.Generation + 1, h.Since, at + options.OpenFor(trips), trips, reason);

    private static DateTimeOffset? OpenSince(Circuit circuit) => circuit switch
    {
        Open o => o.Since,
        HalfOpen h => h.Since,
        _ => null,
    };
}
