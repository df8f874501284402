using System.Collections.Immutable;

namespace Infermux.Core.Budgets;

/// <summary>
/// What one gateway has spent for one account that it could not reach (<c>on_unavailable: capped</c>), in one budget period. Pure: whoever keeps it gives the
/// period and the cap with each question, so that both may change between two of them.
/// </summary>
/// <param name="Period">The period that the figures are of.</param>
/// <param name="Settled">USD of operations that have ended.</param>
/// <param name="Open">USD that running attempts can cost at most.</param>
public sealed record CappedSpend(PeriodKey Period, decimal Settled, ImmutableDictionary<CappedAttempt, decimal> Open)
{
    /// <summary>1 %: what a limit may be passed by while its account cannot be reached, all gateways together.</summary>
    private const decimal Share = 0.01m;

    /// <summary>Nothing spent yet.</summary>
    public static CappedSpend None(PeriodKey period) => new(period, 0m, ImmutableDictionary<CappedAttempt, decimal>.Empty);

    /// <summary>What one gateway may spend in a period: 1 % of the limit ÷ gateways last seen, of which it is one.</summary>
    public static decimal Cap(decimal limit, int gateways) => Math.Max(0m, limit) * Share / Math.Max(1, gateways);

    /// <summary>Spent, or promised to attempts that run.</summary>
    public decimal Total => Settled + Open.Values.Sum();

    /// <summary>What is left of a cap; never below 0.</summary>
    public decimal Left(decimal cap) => Math.Max(0m, cap - Total);

    /// <summary>
    /// The same in a period: a later one begins at 0. A clock that was set back begins none, and a period of another length goes on with what was spent, so
    /// that neither can be used to spend twice.
    /// </summary>
    public CappedSpend In(PeriodKey period) =>
        period.Kind != Period.Kind ? this with { Period = period }
        : period.Start > Period.Start ? None(period)
        : this;

    /// <summary>With an attempt that may cost so much; null where the cap does not have that. The same attempt again replaces what it took before.</summary>
    public CappedSpend? Take(CappedAttempt attempt, decimal amount, decimal cap)
    {
        var without = this with { Open = Open.Remove(attempt) };
        return amount <= without.Left(cap) ? without with { Open = without.Open.Add(attempt, amount) } : null;
    }

    /// <summary>With an operation that has ended and was billed so much, which may be more than it took. One of an earlier period changes nothing.</summary>
    public CappedSpend Settle(Guid operation, decimal billed)
    {
        var ended = Open.Keys.Where(attempt => attempt.Operation == operation).ToList();
        return ended.Count == 0 ? this : this with { Settled = Settled + Math.Max(0m, billed), Open = Open.RemoveRange(ended) };
    }

    /// <summary>After the process that kept it has ended: nobody will say what its attempts were billed, so they count as what they could cost.</summary>
    public CappedSpend Abandoned() => this with { Settled = Total, Open = ImmutableDictionary<CappedAttempt, decimal>.Empty };
}
