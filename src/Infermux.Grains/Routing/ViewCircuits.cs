using Infermux.Core.Circuits;
using Infermux.Grains.Contracts.Providers;

namespace Infermux.Grains.Routing;

/// <summary>The circuit that a view shows, as Core carries it on. How often it tripped in a row is not in the view: it counts as the first time.</summary>
internal static class ViewCircuits
{
    public static Circuit Of(ProviderView? view, DateTimeOffset now) => view switch
    {
        null => new Circuit.Closed(0),
        { Circuit: CircuitState.Open } => new Circuit.Open(view.Generation, view.OpenedAt ?? now, view.Held ? null : view.RecoveryAt ?? now, 1, ReasonOf(view)),
        { Circuit: CircuitState.HalfOpen } => new Circuit.HalfOpen(view.Generation, view.OpenedAt ?? now, 1, ReasonOf(view), OthersProbe(view)),
        _ => new Circuit.Closed(view.Generation),
    };

    private static OpenReason ReasonOf(ProviderView view) =>
        Enum.GetValues<OpenReason>().FirstOrDefault(reason => CircuitRules.TagOf(reason).Equals(view.Reason, StringComparison.Ordinal), OpenReason.ConsecutiveFailures);

    private static Probe? OthersProbe(ProviderView view) => view.ProbeOutUntil is { } ends ? new Probe(Guid.NewGuid(), ends) : null;
}
