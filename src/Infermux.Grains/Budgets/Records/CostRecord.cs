namespace Infermux.Grains.Budgets.Records;

/// <summary>A cost row.</summary>
[GenerateSerializer, Alias("infermux.account.cost.v1")]
internal record struct CostRecord
{
    /// <summary>Start of the hour.</summary>
    [Id(0)] public long Hour { get; set; }

    /// <summary>Caller.</summary>
    [Id(1)] public string Caller { get; set; }

    /// <summary>Provider.</summary>
    [Id(2)] public string Provider { get; set; }

    /// <summary>Model.</summary>
    [Id(3)] public string Model { get; set; }

    /// <summary>Group.</summary>
    [Id(4)] public string Group { get; set; }

    /// <summary>Project.</summary>
    [Id(5)] public string Project { get; set; }

    /// <summary>Stage.</summary>
    [Id(6)] public string Env { get; set; }

    /// <summary>Answered.</summary>
    [Id(7)] public long Requests { get; set; }

    /// <summary>Not answered.</summary>
    [Id(8)] public long FailedAttempts { get; set; }

    /// <summary>Prompt tokens.</summary>
    [Id(9)] public long PromptTokens { get; set; }

    /// <summary>Completion tokens.</summary>
    [Id(10)] public long CompletionTokens { get; set; }

    /// <summary>USD.</summary>
    [Id(11)] public decimal Cost { get; set; }

    /// <summary>Of it, estimated.</summary>
    [Id(12)] public decimal EstimatedCost { get; set; }

    /// <summary>Of it, at expiry.</summary>
    [Id(13)] public decimal UnsettledCost { get; set; }
}
