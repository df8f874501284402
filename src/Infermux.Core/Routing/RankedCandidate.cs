namespace Infermux.Core.Routing;

/// <summary>One provider in a ranking. Holds no references, so that rankings live on the stack.</summary>
/// <param name="Index">Index in <see cref="Route.Candidates"/>.</param>
/// <param name="Verdict"><see cref="Verdict.NotPreferred"/> while it is eligible and nobody chose it, else what holds it back.</param>
public record struct RankedCandidate(int Index, Verdict Verdict)
{
    /// <summary>What the strategy compared (ms, USD); NaN where it compares nothing or knows nothing.</summary>
    public double Score { get; set; } = double.NaN;

    /// <summary>UTC ticks of the end of what holds it back; 0 where not known.</summary>
    public long UntilTicks { get; set; }

    /// <summary>Whether and why its owner must be asked first.</summary>
    public AdmitReason Admit { get; set; }

    /// <summary>Beats the strategy: 0 before, 1 as the strategy says, 2 only when nothing else is left.</summary>
    internal byte Tier { get; set; } = 1;

    /// <summary>The strategy's first comparison; lower goes first.</summary>
    internal double Key { get; set; }

    /// <summary>The strategy's second comparison.</summary>
    internal double SecondKey { get; set; }

    /// <summary>Whether it may be chosen.</summary>
    public readonly bool IsEligible => Verdict is Verdict.NotPreferred;

    /// <summary>The end of what holds it back; null where not known.</summary>
    public readonly DateTimeOffset? Until => UntilTicks == 0 ? null : new DateTimeOffset(UntilTicks, TimeSpan.Zero);
}
