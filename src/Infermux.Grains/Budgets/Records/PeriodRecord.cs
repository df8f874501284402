using Infermux.Core.Configuration;

namespace Infermux.Grains.Budgets.Records;

/// <summary>Sums of one period.</summary>
[GenerateSerializer, Alias("infermux.account.period.v1")]
internal record struct PeriodRecord
{
    /// <summary>Its length.</summary>
    [Id(0)] public BudgetPeriod Kind { get; set; }

    /// <summary>First day, as a day number.</summary>
    [Id(1)] public int Start { get; set; }

    /// <summary>Charged.</summary>
    [Id(2)] public decimal Settled { get; set; }

    /// <summary>Beyond holds.</summary>
    [Id(3)] public decimal Excess { get; set; }

    /// <summary>Marked estimated.</summary>
    [Id(4)] public decimal Estimated { get; set; }

    /// <summary>Charged at expiry.</summary>
    [Id(5)] public decimal Unsettled { get; set; }

    /// <summary>Shares whose alert was sent.</summary>
    [Id(6)] public decimal[] Alerted { get; set; }
}
