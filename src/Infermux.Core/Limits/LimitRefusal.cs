namespace Infermux.Core.Limits;

/// <summary>Which ceiling holds an attempt back.</summary>
public enum LimitRefusal
{
    /// <summary><c>requests_per_minute</c> or <c>tokens_per_minute</c>.</summary>
    RateLimited,

    /// <summary><c>max_concurrency</c>.</summary>
    MaxConcurrency,
}
