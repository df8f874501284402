namespace Infermux.Core.Routing;

/// <summary>What a selection without an eligible candidate means for the caller.</summary>
public enum RouteOutcome
{
    /// <summary>404: nobody serves the model.</summary>
    ModelNotFound,

    /// <summary>429: a candidate is held back only by a limit or a rest.</summary>
    RateLimited,

    /// <summary>503.</summary>
    NoHealthyProviders,

    /// <summary>400: no price, and <c>pricing.unknown</c> is <c>refuse</c>.</summary>
    PriceUnknown,
}
