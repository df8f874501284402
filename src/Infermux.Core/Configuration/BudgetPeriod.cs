namespace Infermux.Core.Configuration;

/// <summary>Values of <c>budgets[].period</c>; all in UTC.</summary>
public enum BudgetPeriod
{
    /// <summary>Calendar day.</summary>
    Day,

    /// <summary>From Monday.</summary>
    Week,

    /// <summary>Calendar month.</summary>
    Month,

    /// <summary>For ever.</summary>
    Total,
}
