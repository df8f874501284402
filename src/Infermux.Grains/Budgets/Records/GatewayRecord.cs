namespace Infermux.Grains.Budgets.Records;

/// <summary>How far a gateway was applied.</summary>
[GenerateSerializer, Alias("infermux.account.gateway.v1")]
internal record struct GatewayRecord
{
    /// <summary>Its incarnation.</summary>
    [Id(0)] public Guid Gateway { get; set; }

    /// <summary>Last bill.</summary>
    [Id(1)] public long Number { get; set; }

    /// <summary>When.</summary>
    [Id(2)] public long SeenAt { get; set; }
}
