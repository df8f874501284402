using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Configuration;

/// <summary>Keys under <c>providers[].rate_limits</c>: ceilings over a rolling 60 s window, null = not limited.</summary>
public sealed record RateLimitOptions
{
    /// <summary>Requests dispatched.</summary>
    [Between("1")]
    public int? RequestsPerMinute { get; init; }

    /// <summary>Prompt and completion tokens.</summary>
    [Between("1")]
    public int? TokensPerMinute { get; init; }
}
