using Infermux.Core.Configuration;

namespace Infermux.Grains.Budgets.Records;

/// <summary>A limit.</summary>
[GenerateSerializer, Alias("infermux.account.limit.v1")]
internal record struct LimitRecord
{
    /// <summary>USD per period.</summary>
    [Id(0)] public decimal LimitUsd { get; set; }

    /// <summary>Its length.</summary>
    [Id(1)] public BudgetPeriod Period { get; set; }

    /// <summary>What happens at it.</summary>
    [Id(2)] public BudgetAction Action { get; set; }

    /// <summary>Replacement.</summary>
    [Id(3)] public string? ModelOverride { get; set; }
}
