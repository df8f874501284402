using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Pricing;

/// <summary>What <c>pricing.&lt;provider&gt;.&lt;model&gt;</c> sets, USD per million tokens; null keeps the built-in price.</summary>
public sealed record PriceOverride
{
    /// <summary>Prompt tokens.</summary>
    [Between("0")]
    public decimal? InputPerMillion { get; init; }

    /// <summary>Completion tokens.</summary>
    [Between("0")]
    public decimal? OutputPerMillion { get; init; }

    /// <summary>Prompt tokens read from a cache.</summary>
    [Between("0")]
    public decimal? CachedInputPerMillion { get; init; }

    /// <summary>Prompt tokens written to a cache.</summary>
    [Between("0")]
    public decimal? CacheWritePerMillion { get; init; }

    /// <summary>Reasoning tokens.</summary>
    [Between("0")]
    public decimal? ReasoningPerMillion { get; init; }
}
