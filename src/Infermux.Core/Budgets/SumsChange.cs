namespace Infermux.Core.Budgets;

/// <summary>What one command adds to <see cref="PeriodSums"/>; negative parts take away.</summary>
public readonly record struct SumsChange(
    decimal Settled = 0, decimal Held = 0, int Open = 0, decimal Excess = 0, decimal Estimated = 0, decimal Unsettled = 0)
{
    /// <summary>Both changes in one.</summary>
    public static SumsChange operator +(in SumsChange one, in SumsChange other) => new(
        one.Settled + other.Settled, one.Held + other.Held, one.Open + other.Open, one.Excess + other.Excess, one.Estimated + other.Estimated,
        one.Unsettled + other.Unsettled);
}
