using Infermux.Core.Budgets;

namespace Infermux.Core.Tests.Budgets.Simulation;

/// <summary>How often each kind of event was met over all seeds.</summary>
internal sealed class SimTally
{
    private readonly long[] _counts = new long[Enum.GetValues<SimEvent>().Length];

    public void Count(SimEvent happened) => Interlocked.Increment(ref _counts[(int)happened]);

    public long this[SimEvent happened] => Interlocked.Read(ref _counts[(int)happened]);

    public static SimEvent Of(HoldOutcome outcome) => outcome switch
    {
        HoldOutcome.Granted => SimEvent.Granted,
        HoldOutcome.Denied => SimEvent.Denied,
        HoldOutcome.Override => SimEvent.Overridden,
        HoldOutcome.Late => SimEvent.Late,
        HoldOutcome.Moved => SimEvent.Moved,
        _ => SimEvent.NotNeeded,
    };

    public override string ToString() => string.Join(", ", Enum.GetValues<SimEvent>().Select(e => $"{e} {this[e]}"));
}
