using Infermux.Core.Configuration;

namespace Infermux.Hosting.Events;

/// <summary>A share of a caller's limit was reached; once per period and share.</summary>
public sealed record BudgetAlerted : IInfermuxEvent
{
    /// <inheritdoc />
    public string Type => "budget_alert";

    /// <summary>The account.</summary>
    public required string Account { get; init; }

    /// <summary>The share reached, 0 to 1 and beyond.</summary>
    public required decimal Share { get; init; }

    /// <summary>Limit of the period, USD.</summary>
    public required decimal LimitUsd { get; init; }

    /// <summary>Settled in the period, USD.</summary>
    public required decimal SettledUsd { get; init; }

    /// <summary>What the budget does at its limit.</summary>
    public required BudgetAction Action { get; init; }
}
