namespace Infermux.Core.Budgets;

/// <summary>The end of one operation: every attempt that was billed; what is not listed cost nothing.</summary>
public sealed record Bill
{
    /// <summary>The operation.</summary>
    public required Guid Operation { get; init; }

    /// <summary>The caller as named in the request.</summary>
    public required string Caller { get; init; }

    /// <summary>Cost tag.</summary>
    public string Project { get; init; } = "";

    /// <summary>Cost tag.</summary>
    public string Env { get; init; } = "";

    /// <summary>Cost tag.</summary>
    public string Group { get; init; } = "";

    /// <summary>When the operation began, on the gateway's clock; decides period and hour where the account knows of no hold.</summary>
    public required DateTimeOffset BeganAt { get; init; }

    /// <summary>Whether the gateway was granted a hold for it.</summary>
    public bool Held { get; init; }

    /// <summary>What was billed.</summary>
    public IReadOnlyList<BillLine> Lines { get; init; } = [];
}
