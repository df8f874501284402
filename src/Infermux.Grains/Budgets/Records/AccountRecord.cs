namespace Infermux.Grains.Budgets.Records;

/// <summary>An account as stored: what is in flight, never history. Times are UTC ticks. An <c>Id</c> is never renumbered or reused.</summary>
[GenerateSerializer, Alias("infermux.account.account.v1")]
internal sealed class AccountRecord
{
    /// <summary>The account.</summary>
    [Id(0)] public string Name { get; set; } = "";

    /// <summary>Guarded time.</summary>
    [Id(1)] public long Clock { get; set; }

    /// <summary>Limit of the management API.</summary>
    [Id(2)] public LimitRecord? Override { get; set; }

    /// <summary>Sums.</summary>
    [Id(3)] public PeriodRecord[] Periods { get; set; } = [];

    /// <summary>Operations under way.</summary>
    [Id(4)] public OperationRecord[] Open { get; set; } = [];

    /// <summary>Operations charged at expiry.</summary>
    [Id(5)] public ExpiredRecord[] Expired { get; set; } = [];

    /// <summary>Last bill per gateway.</summary>
    [Id(6)] public GatewayRecord[] Gateways { get; set; } = [];

    /// <summary>Highest outbox number given out.</summary>
    [Id(7)] public long OutboxNumber { get; set; }

    /// <summary>Outbox rows that wait.</summary>
    [Id(8)] public CostRecord[] Waiting { get; set; } = [];

    /// <summary>Outbox batches under way.</summary>
    [Id(9)] public BatchRecord[] Sealed { get; set; } = [];

    /// <summary>Cost tags in use.</summary>
    [Id(10)] public TagRecord[] Tags { get; set; } = [];

    /// <summary>Rises with every write.</summary>
    [Id(11)] public long Version { get; set; }

    /// <summary>The adoption under which it was found to be an older copy; null: it was not.</summary>
    [Id(12)] public long? SetBackUnder { get; set; }

    /// <summary>The file's limit, as last heard.</summary>
    [Id(13)] public ConfiguredRecord? Configured { get; set; }
}
