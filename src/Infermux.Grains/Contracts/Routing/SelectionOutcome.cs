namespace Infermux.Grains.Contracts.Routing;

/// <summary>How a selection ended.</summary>
public enum SelectionOutcome
{
    /// <summary>A provider was chosen, admitted and, where the budget acts, paid for.</summary>
    Selected = 0,

    /// <summary>404 <c>model_not_found</c>: nobody serves the model.</summary>
    ModelNotFound = 1,

    /// <summary>429 <c>rate_limit</c>: a candidate is held back only by a limit or a rest.</summary>
    RateLimited = 2,

    /// <summary>503 <c>no_healthy_providers</c>.</summary>
    NoHealthyProviders = 3,

    /// <summary>429 <c>budget_exceeded</c>.</summary>
    BudgetExceeded = 4,

    /// <summary>503 <c>budget_unavailable</c>: the account did not answer and the budget denies without it.</summary>
    BudgetUnavailable = 5,

    /// <summary>400: the model has no price and <c>pricing.unknown</c> is <c>refuse</c>.</summary>
    PriceUnknown = 6,

    /// <summary>
    /// The account was activated anew, or its clock is another than the gateway thought: ask again, with <see cref="Selection.AccountIncarnation"/> and a
    /// not-after by <see cref="Selection.AccountTime"/>.
    /// </summary>
    AccountMoved = 7,

    /// <summary>The account did not answer in <see cref="SelectRequest.AccountPatience"/> and the gateway <see cref="SelectRequest.AsksAgain"/>.</summary>
    AccountSilent = 8,

    /// <summary>503 <c>budget_unavailable</c>: the ledger was emptied or set back and nobody has adopted it since, so nothing is granted under a hard limit.</summary>
    LedgerDoubted = 9,
}
