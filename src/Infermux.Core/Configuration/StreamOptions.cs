using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Configuration;

/// <summary>Keys under <c>stream</c>.</summary>
public sealed record StreamOptions
{
    /// <summary>An SSE comment after this much silence, once the answer is committed. Zero is off. Default 15s.</summary>
    [Between("0s", "1h")]
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The same before commit: status 200 then goes out at once. Null (default): off.</summary>
    [Between("100ms", "1h")]
    public TimeSpan? EarlyHeartbeat { get; init; }
}
