namespace Infermux.Core.Budgets;

/// <summary>Reserves the first line of an operation, adds another attempt's, or changes one.</summary>
public sealed record HoldRequest
{
    /// <summary>The operation.</summary>
    public required Guid Operation { get; init; }

    /// <summary>Rises with each command of the operation.</summary>
    public required int Sequence { get; init; }

    /// <summary>Refused past this moment of the silo's clock.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>The <see cref="Account.Incarnation"/> its sender last heard of; 0 where it never did.</summary>
    public long Incarnation { get; init; }

    /// <summary>How far its sender has seen the account's ledger; null where it has not.</summary>
    public LedgerMark? Seen { get; init; }

    /// <summary>The line; its amount replaces an earlier one of the same attempt. Amounts are not negative.</summary>
    public required HoldLine Line { get; init; }

    /// <summary>Attempts that were certainly not billed.</summary>
    public IReadOnlyList<int> UnbilledAttempts { get; init; } = [];

    /// <summary>The model was already replaced: grant or deny, do not ask for another.</summary>
    public bool Overridden { get; init; }

    /// <summary>Cost tag.</summary>
    public string Project { get; init; } = "";

    /// <summary>Cost tag.</summary>
    public string Env { get; init; } = "";

    /// <summary>Cost tag.</summary>
    public string Group { get; init; } = "";
}
