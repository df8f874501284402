namespace Infermux.Core.Failures;

/// <summary>
/// What follows from a failed attempt, in one file. The class comes from the dialect; what it leads to also depends on whose credential it was, because
/// what a caller's own credential earned says nothing about the provider and must reach that caller.
/// </summary>
public static class FailureRules
{
    private static readonly FailureConsequence Relayed = new(MovesOn: false, LargerWindowOnly: false, MarksCircuit: false, Rests: null);
    private static readonly FailureConsequence Moves = Relayed with { MovesOn = true };
    private static readonly FailureConsequence Fault = Moves with { MarksCircuit = true };

    /// <summary>What follows from <paramref name="failure"/>.</summary>
    /// <param name="failure">As its dialect read it.</param>
    /// <param name="ourCredential">True where the attempt carried our <c>api_key</c> or none; false where it carried the caller's token.</param>
    /// <param name="treatRateLimitAsError">The provider's <c>treat_rate_limit_as_error</c>.</param>
    public static FailureConsequence For(ProviderFailure failure, bool ourCredential, bool treatRateLimitAsError)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return !ourCredential && failure.Status is (401 or 402 or 403 or 429)
            ? Relayed
            : For(failure.Class, ourCredential, treatRateLimitAsError);
    }

    /// <summary>What follows from a failure of this class whose status is unknown.</summary>
    public static FailureConsequence For(FailureClass failure, bool ourCredential, bool treatRateLimitAsError) => failure switch
    {
        FailureClass.CallerFault or FailureClass.ContentFiltered or FailureClass.ClientGone => Relayed,
        FailureClass.ContextTooLong => Moves with { LargerWindowOnly = true },
        FailureClass.ModelMissing => Moves,
        FailureClass.BadCredential or FailureClass.QuotaExhausted or FailureClass.RateLimited when !ourCredential => Relayed,
        FailureClass.BadCredential => Fault,
        FailureClass.QuotaExhausted => Moves with { Rests = RestReason.QuotaExhausted },
        FailureClass.RateLimited => Moves with { Rests = RestReason.RateLimited, MarksCircuit = treatRateLimitAsError },
        FailureClass.Overloaded or FailureClass.ServerFault or FailureClass.Timeout or FailureClass.Network or FailureClass.BrokenStream => Fault,
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "This failure class has no rule."),
    };

    /// <summary>
    /// HTTP status for the caller once no attempt is left. A failure that is relayed keeps the provider's 4xx (400 where it gave none); otherwise all
    /// rate limits 429, all timeouts 504, anything else 502. Every attempt counts, also those whose failure moved on.
    /// </summary>
    /// <param name="attempts">The failed attempts in order, at least one.</param>
    /// <param name="lastOnOurCredential">Whose credential the last one carried.</param>
    public static int StatusFor(IReadOnlyList<ProviderFailure> attempts, bool lastOnOurCredential)
    {
        ArgumentNullException.ThrowIfNull(attempts);
        if (attempts.Count == 0)
        {
            throw new ArgumentException("A request without a failed attempt has no failure status.", nameof(attempts));
        }

        var last = attempts[^1];
        var then = For(last, lastOnOurCredential, treatRateLimitAsError: false);
        if (!then.MovesOn || then.LargerWindowOnly)
        {
            return last.Status is >= 400 and < 500 and var status ? status : 400;
        }

        return attempts.All(a => a.Class is FailureClass.RateLimited or FailureClass.QuotaExhausted) ? 429
            : attempts.All(a => a.Class is FailureClass.Timeout) ? 504
            : 502;
    }

    /// <summary>The class as metrics and logs spell it.</summary>
    public static string TagOf(FailureClass failure) => failure switch
    {
        FailureClass.CallerFault => "caller_fault",
        FailureClass.ContextTooLong => "context_too_long",
        FailureClass.ContentFiltered => "content_filtered",
        FailureClass.ModelMissing => "model_missing",
        FailureClass.BadCredential => "bad_credential",
        FailureClass.QuotaExhausted => "quota_exhausted",
        FailureClass.RateLimited => "rate_limited",
        FailureClass.Overloaded => "overloaded",
        FailureClass.ServerFault => "server_fault",
        FailureClass.Timeout => "timeout",
        FailureClass.Network => "network",
        FailureClass.BrokenStream => "broken_stream",
        FailureClass.ClientGone => "client_gone",
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "This failure class has no tag."),
    };

    /// <summary>The reason of a rest as views and metrics spell it.</summary>
    public static string TagOf(RestReason reason) => reason switch
    {
        RestReason.RateLimited => "rate_limited",
        RestReason.QuotaExhausted => "quota_exhausted",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "This reason has no tag."),
    };
}
