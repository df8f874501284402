namespace Infermux.Grains.Budgets.Records;

/// <summary>A cost tag in use.</summary>
[GenerateSerializer, Alias("infermux.account.tag.v1")]
internal record struct TagRecord
{
    /// <summary>Day number.</summary>
    [Id(0)] public int Day { get; set; }

    /// <summary>Project.</summary>
    [Id(1)] public string Project { get; set; }

    /// <summary>Stage.</summary>
    [Id(2)] public string Env { get; set; }
}
