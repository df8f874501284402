namespace Infermux.Grains.Budgets.Records;

/// <summary>A sealed outbox batch.</summary>
[GenerateSerializer, Alias("infermux.account.batch.v1")]
internal record struct BatchRecord
{
    /// <summary>Day number.</summary>
    [Id(0)] public int Day { get; set; }

    /// <summary>Its number.</summary>
    [Id(1)] public long Number { get; set; }

    /// <summary>Its rows.</summary>
    [Id(2)] public CostRecord[] Rows { get; set; }
}
