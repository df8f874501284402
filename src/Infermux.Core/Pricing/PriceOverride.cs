using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Pricing;

/// <summary>What <c>pricing.&lt;provider&gt;.&lt;model&gt;</c> sets, USD per million tokens unless it says otherwise; null keeps the built-in price.</summary>
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

    /// <summary>Prompt tokens that are images or sound.</summary>
    [Between("0")]
    public decimal? MediaInputPerMillion { get; init; }

    /// <summary>USD for each image made, beside its tokens.</summary>
    [Between("0")]
    public decimal? PerImage { get; init; }

    /// <summary>USD for each second of sound transcribed or translated, beside its tokens.</summary>
    [Between("0")]
    public decimal? PerSecond { get; init; }

    /// <summary>USD for each million characters spoken, beside their tokens.</summary>
    [Between("0")]
    public decimal? CharactersPerMillion { get; init; }

    /// <summary>USD for each search, one query over up to 100 documents, of <c>/v1/rerank</c>, beside its tokens.</summary>
    [Between("0")]
    public decimal? PerSearch { get; init; }

    internal bool PricesUnits => (PerImage ?? PerSecond ?? CharactersPerMillion ?? PerSearch) is not null;
}
