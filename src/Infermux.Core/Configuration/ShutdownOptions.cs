using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Configuration;

/// <summary>Keys under <c>shutdown</c>.</summary>
public sealed record ShutdownOptions
{
    /// <summary>How long streams may run out after SIGTERM. Default 15s (<c>--graceful-shutdown</c>).</summary>
    [Between("0s", "24h")]
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(15);
}
