namespace Infermux.Core.Failures;

/// <summary>Why a target model is left alone for a while.</summary>
public enum RestReason
{
    /// <summary>Too many requests or tokens for now: rests for what the provider said, 10 min at most.</summary>
    RateLimited,

    /// <summary>The account is empty: rests for 5 min.</summary>
    QuotaExhausted,
}
