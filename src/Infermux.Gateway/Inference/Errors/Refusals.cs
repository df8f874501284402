using Infermux.Grains.Contracts.Routing;
using Infermux.Providers;

namespace Infermux.Gateway.Inference.Errors;

/// <summary>Every refusal that is decided at the edge, worded in one place.</summary>
internal static class Refusals
{
    public static InferenceException Unauthorized() => new(new(
        401, "unauthorized", "The key is missing or wrong. Send 'Authorization: Bearer <auth.key>', 'x-api-key: <auth.key>' or 'api-key: <auth.key>'.")
    { Retryable = false });

    public static InferenceException Invalid(string message, string? param) => new(
        new(400, "invalid_request", message) { Param = param, Retryable = false });

    public static InferenceException Refused(RequestRefusedException refused) => new(
        new(400, refused.Code, refused.Message) { Param = refused.Param, Retryable = false });

    public static InferenceException BodyTooLarge(long limit) => new(new(
        413,
        "request_too_large",
        $"The request body is larger than limits.max_body ({limit:N0} bytes). Send less, or raise limits.max_body in infermux.yml.")
    { Retryable = false });

    public static InferenceException NoBodyMemory() => new(new(
        503,
        "overloaded",
        "The bodies of requests in flight use all of limits.max_body_memory. Retry shortly, or raise limits.max_body_memory.")
    { RetryAfter = TimeSpan.FromSeconds(1) });

    public static Refusal Backlogged() => new(
        503,
        "budget_unavailable",
        "Too many settlements wait to be acknowledged by their accounts, so hard budgets are refused for now. Retry; if it lasts, look at the store and at infermux's log.")
    { RetryAfter = TimeSpan.FromSeconds(1) };

    /// <summary>In the middle of a stream whose provider went beyond the cap that its hold covers.</summary>
    public static Refusal HoldPassed(BudgetRefusal budget) => new(
        429, "budget_exceeded", "The provider said more than max_tokens allows and the budget has no room for it; what came before is settled. " + BudgetExceeded(budget))
    { Budget = budget, Retryable = false };

    public static Refusal HoldUnanswered() => new(
        503,
        "budget_unavailable",
        "The provider said more than max_tokens allows and the caller's account did not answer whether the budget has room for it. What came before is settled.")
    { RetryAfter = TimeSpan.FromSeconds(1) };

    public static Refusal Unanswered() => new(
        503, "overloaded", "The cluster did not answer the selection in 3 s. Retry; if it lasts, see /readyz?verbose on the management listener.")
    { RetryAfter = TimeSpan.FromSeconds(1) };

    public static Refusal Internal(string requestId) => new(
        500, "internal_error", $"Infermux failed on this request. Look for '{requestId}' in its log, and report what it says.")
    { Retryable = false };

    public static Refusal Draining() => new(
        503, "overloaded", "This process is shutting down and its drain (shutdown.drain) is over. Send the request again; another process answers.")
    { RetryAfter = TimeSpan.FromSeconds(1) };

    public static InferenceException BadFraming(string message, int status) => new(
        new(status is >= 400 and < 500 ? status : 400, status == 413 ? "request_too_large" : "invalid_request", message) { Retryable = false });

    public static Refusal Of(Selection selection, string model) => selection.Outcome switch
    {
        SelectionOutcome.ModelNotFound => new(404, "model_not_found", ModelNotFound(selection, model)) { Param = "model", Retryable = false },
        SelectionOutcome.RateLimited => new(
            429, "rate_limit", $"Every provider for model '{model}' is at a limit: {Said(selection)}.{ComeBack(selection)}")
        { RetryAfter = selection.RetryAfter },
        SelectionOutcome.NoHealthyProviders => new(
            503, "no_healthy_providers", $"No healthy provider for model '{model}': {Said(selection)}.{ComeBack(selection)}")
        { RetryAfter = selection.RetryAfter },
        SelectionOutcome.BudgetExceeded => new(429, "budget_exceeded", BudgetExceeded(selection.Budget!))
        { Budget = selection.Budget, RetryAfter = selection.RetryAfter, Retryable = false },
        SelectionOutcome.BudgetUnavailable => new(
            503,
            "budget_unavailable",
            "The caller's account cannot be reached and its budget denies without it. Retry, or set on_unavailable: allow for this budget.")
        { RetryAfter = selection.RetryAfter ?? TimeSpan.FromSeconds(1) },
        SelectionOutcome.LedgerDoubted => new(
            503,
            "budget_unavailable",
            "The store behind hard budgets was emptied or set back to an older copy, so what this caller has spent is not known and nothing is granted. Restore the "
            + "store, or accept it as it is with 'infermux state adopt'; 'infermux state epoch' and the silos' log say what was found.")
        { RetryAfter = TimeSpan.FromSeconds(5) },
        SelectionOutcome.PriceUnknown => new(
            400,
            "unsupported",
            $"Model '{model}' has no price and pricing.unknown is refuse. Set pricing.<provider>.{model}, or pricing.unknown: warn.")
        { Param = "model", Retryable = false },
        _ => throw new ArgumentOutOfRangeException(nameof(selection), selection.Outcome, "A selected provider is no refusal."),
    };

    private static string ModelNotFound(Selection selection, string model) =>
        selection.NearModels.Count == 0
            ? $"No provider serves model '{model}'. GET /v1/models lists what is served; add it to a provider's models or model_aliases."
            : $"No provider serves model '{model}'. Near names: {string.Join(", ", selection.NearModels)}. GET /v1/models lists them all.";

    private static string Said(Selection selection) => string.Join(
        "; ",
        selection.Candidates.Select(c => c.Until is { } until
            ? $"{c.Provider} {c.Verdict.Replace('_', ' ')} until {until:HH:mm:ss}Z"
            : $"{c.Provider} {c.Verdict.Replace('_', ' ')}"));

    private static string ComeBack(Selection selection) =>
        selection.RetryAfter is { } after ? $" Retry in {Math.Ceiling(after.TotalSeconds):0} s." : "";

    private static string BudgetExceeded(BudgetRefusal budget) => FormattableString.Invariant(
        $"The budget of {budget.Limit} USD is used up: {budget.Spent} USD spent, {budget.Reserved} USD reserved, this request may cost {budget.Requested} USD.")
        + (budget.PeriodEnd is { } end ? $" A new period begins {end:yyyy-MM-dd'T'HH:mm:ss'Z'}." : "")
        + " Lower max_tokens, or raise the caller's limit_usd.";
}
