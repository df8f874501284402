namespace Infermux.Grains.Budgets.Records;

/// <summary>Resolved operations of one second.</summary>
[GenerateSerializer, Alias("infermux.account.tombstone.v1")]
internal record struct TombstoneRecord
{
    /// <summary>Unix second of their end.</summary>
    [Id(0)] public long Until { get; set; }

    /// <summary>Their ids, 16 bytes each.</summary>
    [Id(1)] public byte[] Operations { get; set; }
}
