namespace Infermux.Core.Routing;

/// <summary>Why a provider's owner must be asked before an attempt goes there; nothing where the view alone decides.</summary>
[Flags]
public enum AdmitReason
{
    /// <summary>The view decides.</summary>
    None = 0,

    /// <summary>Half-open: the owner has one permit.</summary>
    Probe = 1,

    /// <summary><c>rate_limits</c> or <c>max_concurrency</c>: the owner counts.</summary>
    Limits = 2,

    /// <summary>The attempt refreshes a stale average: one such attempt in the cluster.</summary>
    Exploratory = 4,
}
