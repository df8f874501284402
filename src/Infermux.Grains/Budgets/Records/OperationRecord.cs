using Infermux.Core.Budgets;

namespace Infermux.Grains.Budgets.Records;

/// <summary>An operation under way.</summary>
[GenerateSerializer, Alias("infermux.account.operation.v1")]
internal record struct OperationRecord
{
    /// <summary>The operation.</summary>
    [Id(0)] public Guid Operation { get; set; }

    /// <summary>When reserved.</summary>
    [Id(1)] public long ReservedAt { get; set; }

    /// <summary>Last applied.</summary>
    [Id(2)] public int Sequence { get; set; }

    /// <summary>Answer to it.</summary>
    [Id(3)] public HoldOutcome Outcome { get; set; }

    /// <summary>Replacement in that answer.</summary>
    [Id(4)] public string? ModelOverride { get; set; }

    /// <summary>Its lines.</summary>
    [Id(5)] public LineRecord[] Lines { get; set; }

    /// <summary>Heard of its streams.</summary>
    [Id(6)] public decimal Actual { get; set; }

    /// <summary>When it expires.</summary>
    [Id(7)] public long ExpiresAt { get; set; }

    /// <summary>Cost tag.</summary>
    [Id(8)] public string Project { get; set; }

    /// <summary>Cost tag.</summary>
    [Id(9)] public string Env { get; set; }

    /// <summary>Cost tag.</summary>
    [Id(10)] public string Group { get; set; }
}
