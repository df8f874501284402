namespace Infermux.Core.Budgets;

/// <summary>How sure a charge is.</summary>
public enum BillMark
{
    /// <summary>The provider's own numbers.</summary>
    Exact = 0,

    /// <summary>Counted by us.</summary>
    Estimated = 1,

    /// <summary>Charged because nobody settled.</summary>
    Unsettled = 2,
}
