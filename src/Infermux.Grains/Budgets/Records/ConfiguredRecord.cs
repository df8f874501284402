using Infermux.Core.Budgets;

namespace Infermux.Grains.Budgets.Records;

/// <summary>What the newest configuration that an account has heard of says of it.</summary>
[GenerateSerializer, Alias("infermux.account.configured.v1")]
internal sealed class ConfiguredRecord
{
    /// <summary>The configuration's.</summary>
    [Id(0)] public long Number { get; set; }

    /// <summary>Null: no limit.</summary>
    [Id(1)] public LimitRecord? Limit { get; set; }

    /// <summary>Share of an alert.</summary>
    [Id(2)] public decimal WarnAt { get; set; }

    /// <summary>Share of a downgrade.</summary>
    [Id(3)] public decimal DowngradeAt { get; set; }

    /// <summary>Whether by name or by the template.</summary>
    [Id(4)] public LimitOrigin Origin { get; set; }
}
