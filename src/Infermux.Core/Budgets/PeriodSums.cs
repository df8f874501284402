using System.Collections.Immutable;

namespace Infermux.Core.Budgets;

/// <summary>Running sums of one period, USD.</summary>
public sealed record PeriodSums
{
    /// <summary>Nothing yet.</summary>
    public static PeriodSums Zero { get; } = new();

    /// <summary>Charged.</summary>
    public decimal Settled { get; init; }

    /// <summary>Held by open operations.</summary>
    public decimal Held { get; init; }

    /// <summary>Open operations with at least one line.</summary>
    public int Open { get; init; }

    /// <summary>What settles took beyond their holds.</summary>
    public decimal Excess { get; init; }

    /// <summary>Of <see cref="Settled"/>, marked estimated.</summary>
    public decimal Estimated { get; init; }

    /// <summary>Of <see cref="Settled"/>, charged at expiry and not corrected since.</summary>
    public decimal Unsettled { get; init; }

    /// <summary>Shares of the limit for which the alert was sent.</summary>
    public ImmutableArray<decimal> Alerted { get; init; } = [];

    /// <summary>The sums with a change added.</summary>
    public PeriodSums Plus(in SumsChange change) => this with
    {
        Settled = Settled + change.Settled,
        Held = Held + change.Held,
        Open = Open + change.Open,
        Excess = Excess + change.Excess,
        Estimated = Estimated + change.Estimated,
        Unsettled = Unsettled + change.Unsettled,
    };
}
