using Infermux.Grains.Contracts.Routing;

namespace Infermux.Gateway.Inference.Errors;

/// <summary>One error answer of our own: what happened, how to mend it, when to come back.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code"><c>error.code</c> and <c>X-Infermux-Error</c>.</param>
/// <param name="Message">What was found and the next step; never a credential.</param>
internal sealed record Refusal(int Status, string Code, string Message)
{
    public string? Param { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>False adds <c>x-should-retry: false</c>, which official SDKs obey.</summary>
    public bool Retryable { get; init; } = true;

    public BudgetRefusal? Budget { get; init; }
}
