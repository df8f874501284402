namespace Infermux.Grains.Contracts.Budgets;

/// <summary>How sure a cost row is.</summary>
public enum SettleMark
{
    /// <summary>The provider's own numbers.</summary>
    Exact = 0,

    /// <summary>The provider reported nothing; counted by us.</summary>
    Estimated = 1,

    /// <summary>Nobody settled; charged at expiry.</summary>
    Unsettled = 2,
}
