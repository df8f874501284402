using Infermux.Core.Circuits;
using Infermux.Grains.Contracts.Providers;

namespace Infermux.Grains.Providers;

internal sealed partial class ProviderBook
{
    /// <summary>The record to store.</summary>
    public ProviderState ToState(long incarnation, DateTimeOffset now)
    {
        var state = ProviderState.Of(_circuit.State);
        state.Incarnation = incarnation;
        state.Fingerprint = _fingerprint;
        state.RemovedAt = _removedAt;
        state.Rests = Rests(now);
        return state;
    }

    /// <summary>What everyone may know.</summary>
    public ProviderView ToView(long incarnation, long sequence, DateTimeOffset now)
    {
        Advance(now);
        var (open, halfOpen) = (_circuit.State as Circuit.Open, _circuit.State as Circuit.HalfOpen);
        var rates = Provider?.RateLimits ?? new();
        return new ProviderView
        {
            Provider = _name,
            Incarnation = incarnation,
            Sequence = sequence,
            Circuit = open is not null ? CircuitState.Open : halfOpen is not null ? CircuitState.HalfOpen : CircuitState.Closed,
            Generation = _circuit.State.Generation,
            OpenedAt = open?.Since ?? halfOpen?.Since,
            RecoveryAt = open?.Until,
            ProbeOutUntil = halfOpen?.Probe?.Ends,
            Held = open is { Until: null },
            Reason = (open?.Reason ?? halfOpen?.Reason) is { } reason ? CircuitRules.TagOf(reason) : "",
            Healthy = Healthy(now),
            LastCheck = _health.LastCheck,
            LatencyMs = _circuit.Latency.Milliseconds,
            Samples = _circuit.Latency.Samples,
            LastSample = _circuit.Latency.LastSample,
            P95Ms = _circuit.Window.P95(now),
            ErrorRate = _circuit.Window.ErrorRate(now),
            RequestsLastMinute = (int)_requests.Sum(now),
            ErrorsLastMinute = (int)_errors.Sum(now),
            InFlight = _limits.InFlight(now),
            HeadroomRequests = _limits.HeadroomRequests(rates, now),
            HeadroomTokens = _limits.HeadroomTokens(rates, now),
            LimitedUntil = LimitedUntil(now),
            Rests = Rests(now),
            ListedModels = _listed,
            Exploring = Exploring(now),
            Suspected = _circuit.Suspected,
        };
    }
}
