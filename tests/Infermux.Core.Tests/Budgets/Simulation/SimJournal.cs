using Infermux.Core.Budgets;

namespace Infermux.Core.Tests.Budgets.Simulation;

/// <summary>A gateway incarnation's bills: journaled, numbered, sent until acknowledged, replayed after its death.</summary>
internal sealed class SimJournal(Guid incarnation)
{
    private readonly List<decimal> _sums = [0];

    public Guid Incarnation { get; } = incarnation;

    /// <summary>The account's activation that this gateway last heard of.</summary>
    public long Account { get; set; }

    public bool Alive { get; set; } = true;

    public List<(Bill Bill, SimOperation Operation)> Bills { get; } = [];

    public long Acknowledged { get; set; }

    public void Append(Bill bill, SimOperation operation)
    {
        Bills.Add((bill, operation));
        _sums.Add(_sums[^1] + bill.Lines.Sum(line => line.Cost));
    }

    /// <summary>Sum of the first bills.</summary>
    public decimal SumTo(long number) => _sums[(int)number];
}
