using Infermux.Core.Circuits;
using Infermux.Core.Configuration;
using Infermux.Core.Limits;

namespace Infermux.Core.Routing;

/// <summary>
/// What a gateway that reaches no silo decides of one provider by itself: the circuit of its last view, carried on by its own outcomes, with a probe of its
/// own once an open circuit's time has come; and its share of the ceilings. Other gateways do the same, so a provider may see a probe from each. One thread at a time.
/// </summary>
public sealed class LocalProvider
{
    private readonly ProviderOptions _share;
    private readonly ProviderCircuit _circuit;
    private readonly ProviderLimits _limits;

    /// <summary>Begins where the last view ends.</summary>
    /// <param name="provider">Its settings.</param>
    /// <param name="last">The circuit of the last view.</param>
    /// <param name="gateways">Gateways that were last seen, this one included.</param>
    /// <param name="now">The time.</param>
    public LocalProvider(ProviderOptions provider, Circuit last, int gateways, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(provider);
        (Options, _share) = (provider, Share(provider, Math.Max(1, gateways)));
        (_circuit, _limits) = (new(provider.CircuitBreaker, last, now), new(now));
    }

    /// <summary>Its settings.</summary>
    public ProviderOptions Options { get; }

    /// <summary>The last view with this gateway's own circuit in the place of the owner's. Nothing is explored meanwhile.</summary>
    public CandidateState Show(CandidateState last, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(last);
        _circuit.Advance(now);
        var own = last with { LimitedUntil = null, InFlight = 0, Exploring = true, RecoveryAt = null, ProbeOutUntil = null };
        return _circuit.State switch
        {
            Circuit.Open open => own with { Circuit = CandidateCircuit.Open, RecoveryAt = open.Until },
            Circuit.HalfOpen half => own with { Circuit = CandidateCircuit.HalfOpen, ProbeOutUntil = half.Probe?.Ends },
            _ => own with { Circuit = CandidateCircuit.Closed },
        };
    }

    /// <summary>Lets an attempt go out, or says why not.</summary>
    /// <param name="key">The attempt.</param>
    /// <param name="tokens">Tokens it is expected to take.</param>
    /// <param name="stream">Whether it is a stream.</param>
    /// <param name="inFlight">Attempts that this gateway has in flight there.</param>
    /// <param name="now">The time.</param>
    public LocalAdmission Admit(AdmissionKey key, long tokens, bool stream, int inFlight, DateTimeOffset now)
    {
        _circuit.Advance(now);
        switch (_circuit.State)
        {
            case Circuit.Open open:
                return Refused(Verdict.CircuitOpen, open.Until);
            case Circuit.HalfOpen { Probe: { } probe }:
                return Refused(Verdict.ProbeOut, probe.Ends);
            default:
                break;
        }

        if (inFlight >= _share.MaxConcurrency)
        {
            return Refused(Verdict.MaxConcurrency, null);
        }

        if (_limits.Check(_share with { MaxConcurrency = null }, tokens, now) is { Refusal: not null } full)
        {
            return Refused(Verdict.RateLimited, full.Until);
        }

        Guid? permit = _circuit.State is Circuit.HalfOpen ? Guid.NewGuid() : null;
        if (permit is { } probing && !_circuit.TryProbe(probing, Options.PermitLife(stream), now))
        {
            return Refused(Verdict.NotAdmitted, null);
        }

        _limits.Take(key, tokens, now);
        return new(null, null, _circuit.State.Generation, permit);
    }

    /// <summary>Books what an attempt of this gateway met.</summary>
    public void Tell(OutcomeBatch batch, double ewmaDecay, DateTimeOffset now) => _circuit.Tell(batch, ewmaDecay, now);

    private LocalAdmission Refused(Verdict why, DateTimeOffset? until) => new(why, until, _circuit.State.Generation, null);

    // At least one each: a share of nothing would close a provider to a cluster with more gateways than its ceiling.
    private static ProviderOptions Share(ProviderOptions provider, int gateways) => provider with
    {
        MaxConcurrency = Part(provider.MaxConcurrency, gateways),
        RateLimits = provider.RateLimits with
        {
            RequestsPerMinute = Part(provider.RateLimits.RequestsPerMinute, gateways),
            TokensPerMinute = Part(provider.RateLimits.TokensPerMinute, gateways),
        },
    };

    private static int? Part(int? ceiling, int gateways) => ceiling is { } whole ? Math.Max(1, whole / gateways) : null;
}
