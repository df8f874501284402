using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Configuration;

/// <summary>Keys under <c>routing.failover</c>.</summary>
public sealed record FailoverOptions
{
    /// <summary>Attempts in one request, the first included. At least 1; 1 is the original's behaviour. Default 3.</summary>
    [Between("1", "20")]
    public int MaxAttempts { get; init; } = 3;

    /// <summary>Tokens a request adds to the retry budget, 0 to 1; an extra attempt takes one. Default 0.2.</summary>
    [Between("0", "1")]
    public double RetryBudget { get; init; } = 0.2;

    /// <summary>Bound over all attempts. Null: none.</summary>
    [Between("10ms", "24h")]
    public TimeSpan? Deadline { get; init; }
}
