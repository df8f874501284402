using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Configuration;

/// <summary>Keys under <c>providers[].health_check</c>.</summary>
public sealed record HealthCheckOptions
{
    /// <summary>Between two checks; one is made at start too. Default 60s.</summary>
    [Between("100ms", "24h")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Limit of one check. Default 10s.</summary>
    [Between("10ms", "10m")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>No checks; presumed healthy. Default false.</summary>
    public bool Disabled { get; init; }

    /// <summary>Default <c>models</c>.</summary>
    public HealthCheckMethod Method { get; init; } = HealthCheckMethod.Models;
}
