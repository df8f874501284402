namespace Infermux.Gateway.Costs;

/// <summary>One caller in <c>GET /_infermux/costs/by-caller</c>.</summary>
internal record CallerRow
{
    /// <summary>The caller as named in requests.</summary>
    public required string Caller { get; init; }

    /// <summary>USD this month, exact.</summary>
    public required decimal TotalUsd { get; init; }

    /// <summary>USD the caller may spend in its budget's period; absent without a budget.</summary>
    public decimal? BudgetUsd { get; init; }

    /// <summary>What is left of it after what is settled in that period, not below zero; absent without a budget.</summary>
    public decimal? BudgetRemainingUsd { get; init; }

    /// <summary>True when the account could not be asked, so that a missing budget says nothing; else absent.</summary>
    public bool? BudgetUnavailable { get; init; }

    /// <summary>Of the total, marked estimated; absent where nothing is.</summary>
    public decimal? EstimatedUsd { get; init; }

    /// <summary>Of the total, charged at expiry; absent where nothing is.</summary>
    public decimal? UnsettledUsd { get; init; }

    /// <summary>Requests that were answered.</summary>
    public required long Requests { get; init; }

    /// <summary>Prompt tokens.</summary>
    public required long PromptTokens { get; init; }

    /// <summary>Completion tokens.</summary>
    public required long CompletionTokens { get; init; }
}
