using System.Collections.Frozen;
using Infermux.Core.Routing;
using Infermux.Grains.Contracts.Providers;

namespace Infermux.Grains.Routing;

/// <summary>Views as Core reads them.</summary>
internal static class CandidateStates
{
    /// <summary>The state a view shows. A listing that did not change keeps its set, since views come ten times a second.</summary>
    public static CandidateState Of(ProviderView view, CandidateState earlier) => new()
    {
        Circuit = (CandidateCircuit)view.Circuit,
        RecoveryAt = view.RecoveryAt,
        ProbeOutUntil = view.ProbeOutUntil,
        Healthy = view.Healthy,
        LatencyMs = view.LatencyMs,
        Samples = view.Samples,
        LastSample = view.LastSample,
        InFlight = view.InFlight,
        LimitedUntil = view.LimitedUntil,
        Rests = [.. view.Rests.Select(static rest => new RestingModel(rest.TargetModel, rest.Until))],
        ListedModels = Listed(view.ListedModels, earlier.ListedModels),
        Exploring = view.Exploring,
    };

    private static FrozenSet<string>? Listed(IReadOnlyList<string>? names, FrozenSet<string>? earlier) =>
        names is null ? null : earlier?.SetEquals(names) is true ? earlier : names.ToFrozenSet(StringComparer.Ordinal);
}
