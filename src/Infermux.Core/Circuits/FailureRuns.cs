namespace Infermux.Core.Circuits;

/// <summary>
/// Faults in a row: per gateway, and over all. A gateway's own run is in its order and can be trusted; a run added up over gateways may hide a success that
/// another gateway has not reported yet, so it only raises a suspicion that one more success ends.
/// </summary>
internal sealed class FailureRuns
{
    private readonly Dictionary<Guid, int> _own = [];
    private int _all;

    /// <summary>From when the run over all gateways counts, if no success comes before.</summary>
    public DateTimeOffset? SuspectUntil { get; private set; }

    /// <summary>Books faults; true when this gateway's own run has reached <paramref name="limit"/>; all gateways' runs together count at <paramref name="confirmedAt"/>.</summary>
    public bool Failed(Guid gateway, int count, int limit, DateTimeOffset confirmedAt)
    {
        var own = _own[gateway] = (int)Math.Min(int.MaxValue, (long)_own.GetValueOrDefault(gateway) + count);
        _all = (int)Math.Min(int.MaxValue, (long)_all + count);
        if (_all >= limit)
        {
            SuspectUntil ??= confirmedAt;
        }

        return own >= limit;
    }

    /// <summary>Whether any gateway's own run has reached <paramref name="limit"/>.</summary>
    public bool AnyReached(int limit) => _own.Values.Any(run => run >= limit);

    /// <summary>A success ends this gateway's run and the one over all.</summary>
    public void Succeeded(Guid gateway)
    {
        _own.Remove(gateway);
        _all = 0;
        SuspectUntil = null;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _own.Clear();
        _all = 0;
        SuspectUntil = null;
    }
}
