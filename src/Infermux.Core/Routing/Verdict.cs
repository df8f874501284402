namespace Infermux.Core.Routing;

/// <summary>What became of one provider in a selection; spelled by <see cref="VerdictWords"/>.</summary>
public enum Verdict
{
    /// <summary>Eligible, another came first.</summary>
    NotPreferred = 0,

    /// <summary>The attempt goes there.</summary>
    Selected,

    /// <summary>This request already tried it.</summary>
    Tried,

    /// <summary>Its circuit is open.</summary>
    CircuitOpen,

    /// <summary>Half-open, and its one probe is out.</summary>
    ProbeOut,

    /// <summary>Its health check fails.</summary>
    Unhealthy,

    /// <summary>It asked to be left alone for this model.</summary>
    Resting,

    /// <summary>A ceiling of <c>rate_limits</c> holds it back.</summary>
    RateLimited,

    /// <summary><c>max_concurrency</c> is reached.</summary>
    MaxConcurrency,

    /// <summary>Its owner did not admit the attempt, or did not answer in time.</summary>
    NotAdmitted,

    /// <summary>No key of ours, and the caller's token may not go there.</summary>
    NoCredential,

    /// <summary>Its dialect does not have the operation.</summary>
    OperationUnsupported,

    /// <summary>Its model's window is not known to be larger than what did not fit.</summary>
    WindowTooSmall,

    /// <summary>The caller's budget does not cover it.</summary>
    Budget,

    /// <summary>The model has no price and <c>pricing.unknown</c> is <c>refuse</c>.</summary>
    PriceUnknown,
}
