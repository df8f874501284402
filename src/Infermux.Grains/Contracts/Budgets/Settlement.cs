namespace Infermux.Grains.Contracts.Budgets;

/// <summary>The end of one operation: every attempt that was billed. Attempts not listed are zeroed.</summary>
[GenerateSerializer, Immutable, Alias("infermux.settlement.v1")]
public sealed record Settlement
{
    /// <summary>The operation.</summary>
    [Id(0)] public required Guid Operation { get; init; }

    /// <summary>The account it is charged to.</summary>
    [Id(1)] public required string Account { get; init; }

    /// <summary>The caller as named in the request; differs from the account only under <c>*overflow</c>.</summary>
    [Id(2)] public required string Caller { get; init; }

    /// <summary>Cost tag.</summary>
    [Id(3)] public string Project { get; init; } = "";

    /// <summary>Cost tag.</summary>
    [Id(4)] public string Env { get; init; } = "";

    /// <summary>Cost tag.</summary>
    [Id(5)] public string Group { get; init; } = "";

    /// <summary>When the operation began: the hour its rows are booked to, and, without a hold, its period.</summary>
    [Id(6)] public required DateTimeOffset BeganAt { get; init; }

    /// <summary>Whether the account holds money for it.</summary>
    [Id(7)] public bool Held { get; init; }

    /// <summary>What was billed; empty for a request that reached nobody but is counted.</summary>
    [Id(8)] public IReadOnlyList<SettledLine> Lines { get; init; } = [];
}
