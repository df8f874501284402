namespace Infermux.Grains.Budgets.Records;

/// <summary>An operation charged at expiry.</summary>
[GenerateSerializer, Alias("infermux.account.expired.v1")]
internal record struct ExpiredRecord
{
    /// <summary>The operation.</summary>
    [Id(0)] public Guid Operation { get; set; }

    /// <summary>When reserved.</summary>
    [Id(1)] public long ReservedAt { get; set; }

    /// <summary>What it held.</summary>
    [Id(2)] public decimal Held { get; set; }

    /// <summary>What was booked.</summary>
    [Id(3)] public CostRecord[] Rows { get; set; }

    /// <summary>Until when it can be corrected.</summary>
    [Id(4)] public long ForgetAt { get; set; }
}
